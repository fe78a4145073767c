package io.weir.samples.cli.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A file being received: a part until it is whole and verified, and only then given its own name. One thread at a time;
 * {@link #close} from any.
 */
final class IncomingFile {

    private final Parts parts;
    private final FileOffer offer;
    private final boolean overwrite;
    private final Path target;
    private final Part part;
    private final long have;
    private boolean awaitsDigest;
    private Sha256 digest = new Sha256();
    private long begun;
    private long received;
    private byte @Nullable [] announced;

    private IncomingFile(Parts parts, FileOffer offer, boolean overwrite, Path target, Part part) {
        this.parts = parts;
        this.offer = offer;
        this.overwrite = overwrite;
        this.target = target;
        this.part = part;
        have = part.bytes();
        awaitsDigest = have > 0;
    }

    /**
     * Makes room for what is offered; or takes up what is there of it.
     *
     * @throws TransferException if there is no room, or a file of that name and it may not be overwritten
     */
    static IncomingFile create(Parts parts, FileOffer offer, boolean overwrite) {
        try {
            Path target = parts.targetOf(offer);
            boolean there = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
            if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS) != offer.isDirectory() && there) {
                throw new TransferException("there is a " + (offer.isDirectory() ? "file" : "directory")
                        + " of the name '" + offer.name() + "' already");
            }
            if (there && !overwrite && !offer.isDirectory()) {
                if (!offer.asks()
                        || !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
                        || Files.size(target) != offer.size()) {
                    throw exists(offer);
                }
                // It may be the same one, sent before: then there is nothing to do.
                return new IncomingFile(parts, offer, false, target, Part.whole(target, offer.size()));
            }
            return new IncomingFile(parts, offer, overwrite, target, parts.take(offer));
        } catch (IOException e) {
            throw unwritable(offer, e);
        }
    }

    /** Where the content is to begin, or what is to be proved first; said before any of it comes, if the sender asks. */
    Answer start() {
        return have > 0 ? new Answer.Have(have) : new Answer.From(0);
    }

    /**
     * The next element: the digest of what is here if it was asked for, content, or after all of it the announced SHA-256.
     *
     * @return what the sender must know before it goes on, or null
     */
    @Nullable
    Answer accept(ByteBuffer element) {
        if (awaitsDigest) {
            awaitsDigest = false;
            return goOn(element);
        }
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
        return null;
    }

    /** As it is offered. */
    String name() {
        return offer.name();
    }

    /** How many bytes of content have come over the network. */
    long arrived() {
        return received - begun;
    }

    /** How many bytes of content were here before. */
    long before() {
        return begun;
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
            received = 0; // whatever it is, nobody can go on from it
            throw new TransferException("'" + offer.name() + "' arrived with another SHA-256 than was announced");
        }
        try {
            publish();
        } catch (FileAlreadyExistsException e) {
            throw exists(offer);
        } catch (IOException e) {
            throw unwritable(offer, e);
        }
        return HexFormat.of().formatHex(actual);
    }

    /** What has not got its name is deleted, or kept for another attempt if it is worth that. Idempotent. */
    void close(boolean worthKeeping) throws IOException {
        part.close(worthKeeping && offer.asks() && !awaitsDigest && received > 0);
    }

    /** What is here counts if the sender's has the same digest; otherwise it is as if there were nothing. */
    private Answer goOn(ByteBuffer expected) {
        byte[] prefix = new byte[expected.remaining()];
        expected.get(prefix);
        try {
            part.read(have, digest::update);
            if (MessageDigest.isEqual(digest.soFar(), prefix)) {
                received = have;
                begun = have;
                return new Answer.From(have);
            }
            if (part.isWhole()) {
                throw exists(offer);
            }
            part.clear();
        } catch (IOException e) {
            throw unwritable(offer, e);
        }
        digest = new Sha256();
        return new Answer.From(0);
    }

    private void append(ByteBuffer content) {
        if (offer.isDirectory() || offer.hasSize() && content.remaining() > offer.size() - received) {
            throw new TransferException("'" + offer.name() + "' is longer than its offer said");
        }
        received += content.remaining();
        digest.update(content);
        try {
            part.append(content);
        } catch (IOException e) {
            throw unwritable(offer, e);
        }
    }

    private void publish() throws IOException {
        parts.makeParents(offer, target);
        if (offer.isDirectory()) {
            Files.createDirectories(target);
        } else {
            part.publish(target, overwrite);
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
