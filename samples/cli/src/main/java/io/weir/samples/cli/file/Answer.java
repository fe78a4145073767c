package io.weir.samples.cli.file;

import io.weir.reactive.codec.Codec;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * What a receiver says, an element in the other direction of the stream: where the content is to begin, if it was asked, and
 * last of all what has become of the file.
 */
public sealed interface Answer {

    /** How an answer travels: a word, a space and a value, in UTF-8. */
    Codec<Answer> CODEC = Codec.of(
            answer -> StandardCharsets.UTF_8.encode(answer.text()),
            payload -> parse(StandardCharsets.UTF_8.decode(payload).toString()));

    /**
     * So much of it is here already; what is the digest of so much of yours?
     *
     * @param bytes 1 or more
     */
    record Have(long bytes) implements Answer {}

    /**
     * Send the content from there on.
     *
     * @param offset 0, or what was said to be here
     */
    record From(long offset) implements Answer {}

    /**
     * The whole file is at the receiver, under its name.
     *
     * @param sha256 the content's SHA-256 as the receiver computed it, 64 hexadecimal digits
     */
    record Verified(String sha256) implements Answer {
        private static final int DIGITS = 64;

        public Verified {
            if (sha256.length() != DIGITS || !sha256.chars().allMatch(HexFormat::isHexDigit)) {
                throw new IllegalArgumentException("sha256 is not " + DIGITS + " hexadecimal digits");
            }
        }
    }

    /** The receiver does not take the file; why, in one line. */
    record Refused(String reason) implements Answer {
        public Refused {
            reason = Printable.line(reason);
        }
    }

    private String text() {
        if (this instanceof Have have) {
            return "have " + have.bytes();
        } else if (this instanceof From from) {
            return "from " + from.offset();
        } else if (this instanceof Verified verified) {
            return "verified " + verified.sha256();
        }
        return "refused " + ((Refused) this).reason();
    }

    private static Answer parse(String text) {
        int space = text.indexOf(' ');
        String kind = space < 0 ? text : text.substring(0, space);
        String rest = text.substring(space + 1);
        return switch (kind) {
            case "have" -> new Have(number(rest));
            case "from" -> new From(number(rest));
            case "verified" -> new Verified(rest);
            case "refused" -> new Refused(rest);
            default -> throw new IllegalArgumentException("an answer of the kind '" + Printable.line(kind) + "'");
        };
    }

    private static long number(String text) {
        if (!text.matches("\\d{1,18}")) {
            throw new IllegalArgumentException("a number of bytes that is '" + Printable.brief(text) + "'");
        }
        return Long.parseLong(text);
    }
}
