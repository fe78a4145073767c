package io.weir.core.handshake;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.RecordCipher;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import io.weir.core.identity.PeerId;

/** How a handshake ended. */
public sealed interface HandshakeResult {

    /**
     * The peer has proved its identity, and the transport keys are there.
     *
     * <p>To the initiator this comes with message 3, before the responder has judged it: only the peer's HELLO shows that
     * it agreed. Whoever takes the ciphers closes them.
     */
    final class Established implements HandshakeResult {
        private final PeerId peer;
        private final RecordCipher sending;
        private final RecordCipher receiving;
        private final byte[] handshakeHash;

        Established(PeerId peer, RecordCipher sending, RecordCipher receiving, byte[] handshakeHash) {
            this.peer = peer;
            this.sending = sending;
            this.receiving = receiving;
            this.handshakeHash = handshakeHash.clone();
        }

        /** Who is at the other end. */
        public PeerId peer() {
            return peer;
        }

        /** Seals what this end sends, from record 0. */
        public RecordCipher sending() {
            return sending;
        }

        /** Opens what this end receives, from record 0. */
        public RecordCipher receiving() {
            return receiving;
        }

        /** The cipher that both ends use. */
        public CipherSuite suite() {
            return sending.suite();
        }

        /** A copy of the 32-byte handshake hash, equal at both ends and unique to this session (channel binding). */
        public byte[] handshakeHash() {
            return handshakeHash.clone();
        }

        @Override
        public String toString() {
            return "Established[peer=" + peer + ", suite=" + suite() + "]";
        }
    }

    /**
     * There will be no session.
     *
     * @param reason what was wrong: UNPROVEN if a reject said so, which nobody authenticates; else LOCAL. Its detail is free of
     *     secrets
     */
    record Failed(CloseReason reason) implements HandshakeResult {
        /** What was wrong; UNKNOWN if a reject had another number. */
        public ErrorCode code() {
            return reason.error();
        }

        /** Who said so. */
        public Origin origin() {
            return reason.origin();
        }

        /** A sentence for this node's own log and events. */
        public String detail() {
            return reason.detail();
        }
    }
}
