package io.weir.samples.cli.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What there is of a file before it has its name: under a temporary one that begins with a dot; or a whole file that is there
 * already and is only compared. One thread at a time; {@link #close} from any.
 */
final class Part {

    private static final int CHUNK_BYTES = 64 * 1024;

    private final Path path;
    private final @Nullable FileChannel channel;
    private final long bytes;
    private final Runnable onClose;

    private Part(Path path, @Nullable FileChannel channel, long bytes, Runnable onClose) {
        this.path = path;
        this.channel = channel;
        this.bytes = bytes;
        this.onClose = onClose;
    }

    /** A file that is there, of that size. */
    static Part whole(Path file, long bytes) {
        return new Part(file, null, bytes, () -> {});
    }

    /** What is there of a file under that temporary name, at most so many bytes; nothing at first. */
    static Part open(Path temporary, long mostBytes, Runnable onClose) throws IOException {
        FileChannel channel = FileChannel.open(
                temporary,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        if (channel.size() > mostBytes) {
            channel.truncate(0);
        }
        return new Part(temporary, channel, channel.position(channel.size()).position(), onClose);
    }

    /** How much there was at first. */
    long bytes() {
        return bytes;
    }

    /** Whether it is a file that is only compared. */
    boolean isWhole() {
        return channel == null;
    }

    /** Shows its first bytes to the reader; what is written later comes behind them. */
    void read(long length, Consumer<ByteBuffer> reader) throws IOException {
        try (FileChannel from = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
            for (long left = length; left > 0; left -= chunk.limit()) {
                chunk.clear().limit((int) Math.min(chunk.capacity(), left));
                if (from.read(chunk) < 0) {
                    return; // somebody made it shorter: its digest will tell
                }
                reader.accept(chunk.flip());
            }
        }
    }

    void clear() throws IOException {
        if (channel != null) {
            channel.truncate(0);
        }
    }

    void append(ByteBuffer content) throws IOException {
        while (channel != null && content.hasRemaining()) {
            channel.write(content);
        }
    }

    /** Gives it its name, in a directory that is made where there is none. */
    void publish(Path target, boolean overwrite) throws IOException {
        if (channel == null) {
            return;
        }
        channel.close();
        if (overwrite) {
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        try {
            // Unlike a rename, a link fails when somebody has made a file of that name meanwhile.
            Files.createLink(target, path);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.move(path, target); // a file system without links: looks first, then renames
        }
    }

    /** Deletes it, unless it is to be kept. Idempotent. */
    void close(boolean keep) throws IOException {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } finally {
            if (!keep) {
                Files.deleteIfExists(path);
            }
            onClose.run();
        }
    }
}
