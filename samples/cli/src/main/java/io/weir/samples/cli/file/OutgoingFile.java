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
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Schedulers;

/** A file opened for sending, once. */
public final class OutgoingFile implements Closeable {

    /** An element of this size fills a record of the session exactly and without a remainder. */
    static final int CHUNK_BYTES = 32 * 1024;

    private final Path path;
    private final FileChannel channel;
    private final long size;
    private final Sha256 digest = new Sha256();
    private long position;
    private volatile @Nullable String sha256;

    private OutgoingFile(Path path, FileChannel channel, long size) {
        this.path = path;
        this.channel = channel;
        this.size = size;
    }

    /**
     * Opens a file.
     *
     * @throws TransferException saying why it cannot be sent
     */
    public static OutgoingFile open(Path path) {
        if (Files.isDirectory(path)) {
            throw new TransferException(path + " is a directory; send a file, for example one made by tar");
        }
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            return new OutgoingFile(path, channel, channel.size());
        } catch (NoSuchFileException e) {
            throw new TransferException("there is no file " + path, e);
        } catch (AccessDeniedException e) {
            throw new TransferException(path + " may not be read", e);
        } catch (IOException e) {
            throw new TransferException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Bytes, as they were when it was opened; just as many are sent. */
    public long size() {
        return size;
    }

    /** What is offered to the receiver, under this name. */
    public FileOffer offerAs(String name) {
        return new FileOffer(name, size);
    }

    /**
     * The content, then its SHA-256 as one element more. Reads only what is asked for, on a worker thread. For one
     * subscriber.
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
        try {
            channel.close();
        } catch (IOException e) {
            // It was open for reading only: there is nothing to lose.
        }
    }

    private void next(SynchronousSink<ByteBuffer> sink, Progress progress) {
        if (sha256 != null) {
            sink.complete();
        } else if (position == size) {
            byte[] result = digest.result();
            sha256 = HexFormat.of().formatHex(result);
            sink.next(ByteBuffer.wrap(result));
        } else {
            ByteBuffer chunk = read((int) Math.min(CHUNK_BYTES, size - position));
            position += chunk.remaining();
            digest.update(chunk);
            progress.advance(chunk.remaining());
            sink.next(chunk);
        }
    }

    private ByteBuffer read(int length) {
        ByteBuffer chunk = ByteBuffer.allocate(length);
        try {
            while (chunk.hasRemaining()) {
                if (channel.read(chunk) < 0) {
                    throw new TransferException(path.getFileName() + " became shorter while it was sent");
                }
            }
        } catch (IOException e) {
            throw new TransferException(path.getFileName() + " cannot be read: " + e.getMessage(), e);
        }
        return chunk.flip();
    }
}
