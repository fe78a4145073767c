package io.weir.core.crypto;

/** Why a text is not a keyset that a {@link SigningKey} can be made from. The message holds no key material. */
public final class KeysetException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Fault fault;
    private final String message;

    /** The kinds of fault. */
    public enum Fault {
        /** Not a Tink keyset in JSON form, or a damaged one. */
        NOT_A_KEYSET,
        /** A keyset without an enabled Ed25519 private key of output prefix RAW. */
        OTHER_KIND,
        /** More than one key of the keyset is enabled. */
        SEVERAL_KEYS,
        /** The keyset is encrypted and no key encryption key was given. */
        ENCRYPTED,
        /** A key encryption key was given and the keyset is in the clear. */
        NOT_ENCRYPTED,
        /** The key encryption key given does not open the keyset, or could not encrypt it. */
        WRONG_KEK
    }

    KeysetException(Fault fault, String message) {
        super(message);
        this.fault = fault;
        this.message = message;
    }

    KeysetException(Fault fault, String message, Throwable cause) {
        super(message, cause);
        this.fault = fault;
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }

    /** The kind of fault. */
    public Fault fault() {
        return fault;
    }
}
