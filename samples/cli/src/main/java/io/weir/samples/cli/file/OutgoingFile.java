package io.weir.samples.cli.file;

import io.weir.samples.cli.progress.Progress;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Schedulers;

/**
 * A file opened for sending, once; or a pipe, a device or whatever else can be read to its end. What has no size, or one
 * that cannot be true, as the files of {@code /proc}, is read until it ends.
 */
public final class OutgoingFile implements Closeable {

    /** An element of this size fills a record of the session exactly and without a remainder. */
    static final int CHUNK_BYTES = 32 * 1024;

    private final Path path;
    private final @Nullable FileChannel channel;
    private final boolean regular;
    private final long size;
    private Sha256 digest = new Sha256();
    private @Nullable ByteBuffer first;
    private long position;
    private long skipped;
    private volatile @Nullable String sha256;

    /** A directory, which has no content. */
    private OutgoingFile(Path path) {
        this.path = path;
        channel = null;
        regular = false;
        size = FileOffer.UNKNOWN_SIZE;
    }

    private OutgoingFile(Path path, FileChannel channel, boolean regular) throws IOException {
        this.path = path;
        this.channel = channel;
        this.regular = regular;
        if (regular) {
            ByteBuffer beginning = fill();
            first = beginning;
            size = sizeOf(channel.size(), beginning);
        } else {
            size = FileOffer.UNKNOWN_SIZE;
        }
    }

    /** What was read counts for more than what the file system says, which in {@code /proc} is 0, in {@code /sys} 4096. */
    private static long sizeOf(long said, ByteBuffer beginning) {
        if (beginning.remaining() < CHUNK_BYTES) {
            return beginning.remaining();
        }
        return said < CHUNK_BYTES ? FileOffer.UNKNOWN_SIZE : said;
    }

    /**
     * Opens a file; of a directory, nothing of what is in it. Waits for the first writer where it is a named pipe.
     *
     * @throws TransferException saying why it cannot be sent
     */
    public static OutgoingFile open(Path path) {
        if (Files.isDirectory(path)) {
            return new OutgoingFile(path);
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            return new OutgoingFile(path, channel, Files.isRegularFile(path));
        } catch (NoSuchFileException | AccessDeniedException e) {
            check(path);
            throw new TransferException(path + " may not be read", e);
        } catch (IOException e) {
            close(channel);
            throw new TransferException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** @throws TransferException if there is no such file or directory, or it may not be read */
    static void check(Path path) {
        if (!Files.exists(path)) {
            throw new TransferException("there is no file " + path + hint(path));
        } else if (!Files.isReadable(path)) {
            throw new TransferException(path + " may not be read");
        }
    }

    /** Bytes, as they were when it was opened; {@link FileOffer#UNKNOWN_SIZE} where only its end will tell. */
    public long size() {
        return size;
    }

    /** Bytes of content that were sent, without what the receiver had. Of meaning to others once {@link #sha256} is there. */
    public long sent() {
        return position - skipped;
    }

    /** Bytes of content that the receiver had. Of meaning to others once {@link #sha256} is there. */
    public long skipped() {
        return skipped;
    }

    /** What is offered to the receiver, under this name, as one of so many. Whoever can read it again asks what is there. */
    public FileOffer offerAs(String name, long entries) {
        return new FileOffer(name, size, regular && size != FileOffer.UNKNOWN_SIZE, entries);
    }

    /**
     * The digest of the first bytes, on a worker thread. Before {@link #elements}, once; fails with {@link TransferException}
     * if there are not so many.
     */
    Mono<ByteBuffer> digestOf(long bytes) {
        return Mono.fromCallable(() -> {
                    restart();
                    while (position < bytes) {
                        ByteBuffer chunk = fill((int) Math.min(CHUNK_BYTES, bytes - position));
                        if (!chunk.hasRemaining()) {
                            throw changed("shorter");
                        }
                        position += chunk.remaining();
                        digest.update(chunk);
                    }
                    return ByteBuffer.wrap(digest.soFar());
                })
                .onErrorMap(IOException.class, this::unreadable)
                .subscribeOn(Schedulers.boundedElastic());
    }

    /** {@link #elements}, beginning at that offset: 0, or where {@link #digestOf} has come to. */
    Flux<ByteBuffer> elementsFrom(long offset, Progress progress) {
        return Flux.defer(() -> {
                    if (offset == position) {
                        skipped = offset;
                        progress.skip(offset);
                    } else {
                        restart();
                    }
                    return elements(progress);
                })
                .subscribeOn(Schedulers.boundedElastic());
    }

    /**
     * The content, then its SHA-256 as one element more. Reads only what is asked for, on a worker thread. Fails with
     * {@link TransferException} if a file is longer or shorter at its end than it was at first. For one subscriber.
     */
    Flux<ByteBuffer> elements(Progress progress) {
        return Flux.<ByteBuffer>generate(sink -> next(sink, progress)).subscribeOn(Schedulers.boundedElastic());
    }

    /** 64 hexadecimal digits; null until the last element has been emitted. */
    public @Nullable String sha256() {
        return sha256;
    }

    @Override
    public void close() {
        close(channel);
    }

    private static void close(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // It was open for reading only: there is nothing to lose.
        }
    }

    private void next(SynchronousSink<ByteBuffer> sink, Progress progress) {
        if (sha256 != null) {
            sink.complete();
            return;
        }
        ByteBuffer chunk = read();
        if (chunk.hasRemaining()) {
            position += chunk.remaining();
            digest.update(chunk);
            progress.advance(chunk.remaining());
            sink.next(chunk);
        } else {
            checkSize();
            byte[] result = digest.result();
            sha256 = HexFormat.of().formatHex(result);
            sink.next(ByteBuffer.wrap(result));
        }
    }

    /** What comes next; nothing at the end, and nothing beyond the size that was offered. */
    private ByteBuffer read() {
        try {
            ByteBuffer beginning = first;
            first = null;
            ByteBuffer chunk = beginning != null ? beginning : regular ? fill() : readSome();
            if (size != FileOffer.UNKNOWN_SIZE && chunk.remaining() > size - position) {
                throw changed("longer");
            }
            return chunk;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private TransferException unreadable(IOException e) {
        return new TransferException(path.getFileName() + " cannot be read: " + e.getMessage(), e);
    }

    private FileChannel opened() {
        return Objects.requireNonNull(channel, "channel");
    }

    private void restart() {
        try {
            opened().position(0);
        } catch (IOException e) {
            throw unreadable(e);
        }
        digest = new Sha256();
        first = null;
        position = 0;
    }

    private ByteBuffer fill() throws IOException {
        return fill(CHUNK_BYTES);
    }

    /** So much, or all that there is. */
    private ByteBuffer fill(int bytes) throws IOException {
        FileChannel channel = opened();
        ByteBuffer chunk = ByteBuffer.allocate(bytes);
        while (chunk.hasRemaining() && channel.read(chunk) >= 0) {
            // until it is full, or the end
        }
        return chunk.flip();
    }

    /** Whatever is there: a pipe's writer may say nothing more for a long time. Nothing only at the end. */
    private ByteBuffer readSome() throws IOException {
        if (channel == null) {
            return ByteBuffer.allocate(0);
        }
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        while (channel.read(chunk) == 0) {
            // nothing yet, and not the end
        }
        return chunk.flip();
    }

    private void checkSize() {
        if (size != FileOffer.UNKNOWN_SIZE && position < size) {
            throw changed("shorter");
        }
    }

    private TransferException changed(String how) {
        return new TransferException(path.getFileName() + " became " + how + " while it was sent: it had " + size
                + " bytes; send a copy of it");
    }

    /** What the JVM cannot decode by the locale's charset has the character that stands for such. */
    private static String hint(Path path) {
        return path.toString().indexOf('\uFFFD') < 0
                ? ""
                : ": its name has letters that the locale does not know; set LC_ALL to C.UTF-8, or send it as"
                        + " /dev/stdin with a --name";
    }
}
