package io.weir.reactive.session.carrier;

/** The plaintext of one record after the other, each valid during onNext. */
final class OpenedRecord {

    private byte[] array = new byte[0];
    private int length;
    private boolean own;

    void set(byte[] plaintext, int plaintextLength, boolean ownArray) {
        array = plaintext;
        length = plaintextLength;
        own = ownArray;
    }

    /** It begins with the plaintext. */
    byte[] array() {
        return array;
    }

    /** Of the plaintext. */
    int length() {
        return length;
    }

    /** Whether parts of the array may be kept; if not, it is used again. */
    boolean own() {
        return own;
    }
}
