package io.weir.samples.cli.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A file being received: written under a temporary name that begins with a dot, and given its own name only when it is
 * whole and verified. What is closed before is deleted. One thread at a time; {@link #close} from any.
 */
final class IncomingFile implements Closeable {

    private final Path directory;
    private final FileOffer offer;
    private final boolean overwrite;
    private final Path temporary;
    private final FileChannel channel;
    private final Sha256 digest = new Sha256();
    private long received;
    private byte @Nullable [] announced;

    private IncomingFile(Path directory, FileOffer offer, boolean overwrite, Path temporary, FileChannel channel) {
        this.directory = directory;
        this.offer = offer;
        this.overwrite = overwrite;
        this.temporary = temporary;
        this.channel = channel;
    }

    /**
     * Makes room for what is offered.
     *
     * @throws TransferException if there is no room, or a file of that name and it may not be overwritten
     */
    static IncomingFile create(Path directory, FileOffer offer, boolean overwrite) {
        Path target = targetOf(directory, offer);
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new TransferException("there is a directory of the name '" + offer.name() + "' already");
        }
        if (!overwrite && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(offer);
        }
        try {
            long room = Files.getFileStore(directory).getUsableSpace();
            if (offer.hasSize() && offer.size() > room) {
                throw new TransferException(
                        "'" + offer.name() + "' has " + offer.size() + " bytes, there is room for " + room);
            }
            Path temporary = directory.resolve(".weir-" + UUID.randomUUID() + ".part");
            FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return new IncomingFile(directory, offer, overwrite, temporary, channel);
        } catch (IOException e) {
            throw unwritable(offer, e);
        }
    }

    /** The next element: content, or after all of it the announced SHA-256. */
    void accept(ByteBuffer element) {
        if (announced != null) {
            // Something follows, so it was content; where the size is known, that is too much of it.
            append(ByteBuffer.wrap(announced));
            announced = null;
        }
        if (element.remaining() == Sha256.LENGTH && (!offer.hasSize() || received == offer.size())) {
            announced = new byte[Sha256.LENGTH];
            element.get(announced);
        } else {
            append(element);
        }
    }

    /** How many bytes of content have arrived. */
    long received() {
        return received;
    }

    /**
     * The sender is done: verifies size and SHA-256 and gives the file its name.
     *
     * @return the SHA-256 of what was written, 64 hexadecimal digits
     */
    String finish() {
        byte[] expected = announced;
        if (expected == null) {
            String how = offer.hasSize() && received < offer.size()
                    ? "' ended after " + received + " of " + offer.size() + " bytes"
                    : "' ended without its SHA-256";
            throw new TransferException("'" + offer.name() + how);
        }
        byte[] actual = digest.result();
        if (!MessageDigest.isEqual(actual, expected)) {
            throw new TransferException("'" + offer.name() + "' arrived with another SHA-256 than was announced");
        }
        try {
            channel.close();
            publish(targetOf(directory, offer));
        } catch (FileAlreadyExistsException e) {
            throw exists(offer);
        } catch (IOException e) {
            throw unwritable(offer, e);
        }
        return HexFormat.of().formatHex(actual);
    }

    /** Deletes what has not got its name. Idempotent. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void append(ByteBuffer content) {
        if (offer.hasSize() && content.remaining() > offer.size() - received) {
            throw new TransferException("'" + offer.name() + "' is longer than its offer said");
        }
        received += content.remaining();
        digest.update(content);
        write(content);
    }

    private void write(ByteBuffer element) {
        try {
            while (element.hasRemaining()) {
                channel.write(element);
            }
        } catch (IOException e) {
            throw unwritable(offer, e);
        }
    }

    private void publish(Path target) throws IOException {
        if (overwrite) {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        try {
            // Unlike a rename, a link fails when somebody has made a file of that name meanwhile.
            Files.createLink(target, temporary);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.move(temporary, target); // a file system without links: looks first, then renames
        }
    }

    private static Path targetOf(Path directory, FileOffer offer) {
        try {
            return directory.resolve(offer.name());
        } catch (InvalidPathException e) {
            // The JVM writes names in the charset of the locale; in that of C there is ASCII only.
            throw new TransferException(
                    "'" + offer.name()
                            + "' is a name that the receiver's locale has no letters for; there, set LC_ALL to "
                            + "C.UTF-8 before the start, or send it under another --name",
                    e);
        }
    }

    private static TransferException exists(FileOffer offer) {
        return new TransferException("there is a file '" + offer.name() + "' already");
    }

    private static TransferException unwritable(FileOffer offer, IOException e) {
        String why = e instanceof NoSuchFileException
                ? "its directory does not exist"
                : e instanceof FileSystemException fs && fs.getReason() != null
                        ? fs.getReason()
                        : e instanceof FileSystemException ? e.getClass().getSimpleName() : e.getMessage();
        return new TransferException("'" + offer.name() + "' cannot be written: " + why, e);
    }
}
