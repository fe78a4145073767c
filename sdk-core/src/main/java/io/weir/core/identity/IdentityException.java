package io.weir.core.identity;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An identity file that cannot be read or written; the message names the file and what to do about it. */
public final class IdentityException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Problem problem;
    private final transient @Nullable Path path;

    /** What is wrong with the file. */
    public enum Problem {
        /** Missing, a directory, not permitted, or an input error. */
        UNREADABLE,
        /** Others than its owner may read the file, or write it; see {@link Identity#load(Path)}. */
        EXPOSED,
        /** The file has no bytes. */
        EMPTY,
        /** Not a Tink keyset in JSON form, damaged, or far too long for one. */
        NOT_A_KEYSET,
        /** A keyset of another kind of key, or one whose key cannot sign as an identity. */
        OTHER_KIND,
        /** More than one enabled key. */
        SEVERAL_KEYS,
        /** Encrypted, and no key encryption key was given. */
        ENCRYPTED,
        /** In the clear, although a key encryption key was given. */
        NOT_ENCRYPTED,
        /** The key encryption key given does not open it, or could not encrypt it. */
        WRONG_KEK,
        /** A file of this name is there already, and replacing it was not asked for. */
        EXISTS,
        /** The file could not be written. */
        UNWRITABLE
    }

    IdentityException(Problem problem, Path path, String message) {
        super("identity file " + path + ": " + message);
        this.problem = problem;
        this.path = path;
    }

    IdentityException(Problem problem, Path path, String message, Throwable cause) {
        super("identity file " + path + ": " + message, cause);
        this.problem = problem;
        this.path = path;
    }

    /** What is wrong. */
    public Problem problem() {
        return problem;
    }

    /** The file in question; null only if this exception has been serialised on the way. */
    public @Nullable Path path() {
        return path;
    }
}
