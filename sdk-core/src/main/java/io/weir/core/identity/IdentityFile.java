package io.weir.core.identity;

import io.weir.core.identity.IdentityException.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Reads and writes small secret files: owner-only from the first byte, whole or not at all. */
final class IdentityFile {
    /** An identity takes some 300 bytes; more than this is something else, maybe endless. */
    static final int MAX_BYTES = 64 * 1024;

    private IdentityFile() {}

    static String read(Path file) {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES + 1);
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            while (bytes.hasRemaining() && in.read(bytes) >= 0) {
                // until the end of the file or one byte too many
            }
        } catch (NoSuchFileException e) {
            throw new IdentityException(Problem.UNREADABLE, file, "there is no such file", e);
        } catch (IOException e) {
            throw new IdentityException(Problem.UNREADABLE, file, "cannot be read (" + reason(e) + ")", e);
        }
        bytes.flip();
        if (!bytes.hasRemaining()) {
            throw new IdentityException(Problem.EMPTY, file, "the file is empty");
        }
        if (bytes.remaining() > MAX_BYTES) {
            throw new IdentityException(
                    Problem.NOT_A_KEYSET, file, "longer than " + MAX_BYTES + " bytes, so it is no identity");
        }
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    static void create(Path file, String content) {
        if (Files.exists(file)) {
            throw exists(file);
        }
        withTemporary(file, content, temporary -> {
            try {
                // A hard link fails if the name is taken, which no rename does; so two creators cannot both win.
                Files.createLink(file, temporary);
            } catch (FileAlreadyExistsException e) {
                throw e;
            } catch (IOException | UnsupportedOperationException noLinks) {
                Files.move(temporary, file);
            }
        });
    }

    static void replace(Path file, String content) {
        withTemporary(file, content, temporary -> {
            try {
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
            }
        });
    }

    private interface Placement {
        void place(Path temporary) throws IOException;
    }

    private static void withTemporary(Path file, String content, Placement placement) {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IdentityException(Problem.UNWRITABLE, file, "this is no name for a file");
        }
        try {
            Path temporary = Files.createTempFile(directory, ".weir-identity", ".tmp", ownerOnly(directory));
            try {
                write(temporary, content);
                placement.place(temporary);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (FileAlreadyExistsException e) {
            throw exists(file);
        } catch (NoSuchFileException e) {
            throw new IdentityException(Problem.UNWRITABLE, file, "its directory does not exist", e);
        } catch (IOException e) {
            throw new IdentityException(Problem.UNWRITABLE, file, "cannot be written (" + reason(e) + ")", e);
        }
    }

    private static void write(Path temporary, String content) throws IOException {
        try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true); // before it gets its name: after a crash the name must not lead to an empty file
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path directory) throws IOException {
        return Files.getFileStore(directory).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static IdentityException exists(Path file) {
        return new IdentityException(Problem.EXISTS, file, "a file of this name exists already and was left as it is");
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : e.getClass().getSimpleName() + ": " + message;
    }
}
