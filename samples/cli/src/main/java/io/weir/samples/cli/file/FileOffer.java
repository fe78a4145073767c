package io.weir.samples.cli.file;

import io.weir.core.wire.Headers;

/**
 * What is about to be sent: its name, how many bytes if that is known, and what it is part of. Travels in the stream's headers;
 * once made, it is harmless: the name can only mean something below the receiver's directory.
 *
 * @param name of a file, or with {@code /} at its end of a directory, which has no content: 1 to 64 names with {@code /}
 *     between, each 1 to 255 bytes of UTF-8, no control characters, the first without a leading dot; 2,048 bytes in all
 * @param size 0 or more bytes, or {@link #UNKNOWN_SIZE}, as for a pipe: then it ends where it ends
 * @param asks whether its sender asks first how much of it is there
 * @param entries how many files and directories this session sends in all, 1 or more
 */
public record FileOffer(String name, long size, boolean asks, long entries) {

    /** The size of what has none before its end is reached. */
    public static final long UNKNOWN_SIZE = -1;

    private static final String NAME = "name";
    private static final String SIZE = "size";
    private static final String RESUME = "resume";
    private static final String ASK = "ask";
    private static final String ENTRIES = "entries";

    public FileOffer {
        String wrong = FileName.whatIsWrongWith(name);
        if (wrong != null) {
            throw new TransferException("the file name '" + Printable.brief(name) + "' is refused: " + wrong);
        }
        if (size < UNKNOWN_SIZE) {
            throw bad(SIZE, Long.toString(size), 0);
        }
        if (entries < 1) {
            throw bad(ENTRIES, Long.toString(entries), 1);
        }
    }

    /** Reads the offer of a peer. */
    public static FileOffer of(Headers headers) {
        String name = headers.text(NAME);
        if (name == null) {
            throw new TransferException("the offer lacks the file's name");
        }
        long size = number(headers, SIZE, UNKNOWN_SIZE, 0);
        boolean asks = ASK.equals(headers.text(RESUME)) && size != UNKNOWN_SIZE;
        return new FileOffer(name, size, asks, number(headers, ENTRIES, 1, 1));
    }

    /** Whether it is known how many bytes there are. */
    public boolean hasSize() {
        return size != UNKNOWN_SIZE;
    }

    /** Whether it is a directory, without what is in it. */
    public boolean isDirectory() {
        return name.endsWith("/");
    }

    /** The offer as the stream's headers. */
    public Headers toHeaders() {
        Headers headers = Headers.of(NAME, name);
        if (hasSize()) {
            headers = headers.with(SIZE, Long.toString(size));
        }
        if (asks) {
            headers = headers.with(RESUME, ASK);
        }
        return entries == 1 ? headers : headers.with(ENTRIES, Long.toString(entries));
    }

    private static long number(Headers headers, String name, long absent, long least) {
        String text = headers.text(name);
        if (text == null) {
            return absent;
        }
        if (!text.matches("\\d{1,19}")) {
            throw bad(name, text, least);
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw bad(name, text, least);
        }
    }

    private static TransferException bad(String what, String text, long least) {
        return new TransferException("the " + what + " '" + Printable.brief(text)
                + "' is refused: it must be a number, " + least + " or more");
    }
}
