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
import java.util.Locale;

/**
 * Reads and writes small secret files: owner-only from the first byte, whole or not at all.
 */
final class IdentityFile {
    /** An identity takes some 300 bytes; more than this is something else, maybe endless. */
    static final int MAX_BYTES = 64 * 1024;

    private static final int OTHERS = 0077;
    private static final int OTHERS_BUT_READING_GROUP = 0037;
    private static final int PERMISSIONS = 0777;
    private static final int ROOT = 0;

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

    /**
     * Refuses a file that others may read or write. A mounted secret belongs to root, and the program's group reads it: that
     * is as good.
     */
    static void checkPermissions(Path file) {
        int mode;
        boolean ofRoot;
        try {
            if (!Files.getFileStore(file).supportsFileAttributeView("unix")) {
                return;
            }
            mode = (Integer) Files.getAttribute(file, "unix:mode") & PERMISSIONS;
            ofRoot = (Integer) Files.getAttribute(file, "unix:uid") == ROOT;
        } catch (IOException e) {
            throw new IdentityException(Problem.UNREADABLE, file, "its mode cannot be read (" + reason(e) + ")", e);
        }
        if ((mode & (ofRoot ? OTHERS_BUT_READING_GROUP : OTHERS)) != 0) {
            throw new IdentityException(
                    Problem.EXPOSED,
                    file,
                    String.format(
                            Locale.ROOT,
                            "its mode is %04o, must be 0600 or 0400, or 0640 or 0440 where it belongs to root: others"
                                    + " could have read or replaced the key. Make a new one, or chmod 600 it if nobody"
                                    + " has",
                            mode));
        }
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
        Path target = followed(file);
        withTemporary(target, content, temporary -> {
            try {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
            }
        });
    }

    /** What a symbolic link leads to: a rename would replace the link, and leave the old key where it is. */
    private static Path followed(Path file) {
        try {
            return Files.isSymbolicLink(file) ? file.toRealPath() : file;
        } catch (IOException e) {
            throw new IdentityException(Problem.UNWRITABLE, file, "a symbolic link that leads nowhere", e);
        }
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
