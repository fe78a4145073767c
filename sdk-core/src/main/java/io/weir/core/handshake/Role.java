package io.weir.core.handshake;

/** Which end of a handshake this is: the initiator dialled. */
public enum Role {
    /** Sends the preamble and message 1; 0 in identity proofs. */
    INITIATOR,
    /** Answers; 1 in identity proofs. */
    RESPONDER;

    /** The opposite end. */
    public Role other() {
        return this == INITIATOR ? RESPONDER : INITIATOR;
    }
}
