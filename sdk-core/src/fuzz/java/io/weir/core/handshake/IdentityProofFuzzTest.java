package io.weir.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/**
 * A genuine proof with any bytes of it altered, cut or prolonged: only the genuine one proves anything. An input is what
 * to add to its bytes, one by one.
 */
class IdentityProofFuzzTest {

    private static final byte[] HASH = HandshakePair.filled(7);
    private static final byte[] GENUINE = IdentityProof.prove(HandshakePair.ALICE, Role.INITIATOR, HASH);

    @FuzzTest
    void proof(byte[] change) {
        byte[] altered = Arrays.copyOf(GENUINE, change.length > GENUINE.length ? change.length : GENUINE.length);
        for (int i = 0; i < change.length; i++) {
            altered[i] += change[i];
        }
        boolean genuine = Arrays.equals(altered, GENUINE);

        assertThat(IdentityProof.verify(altered, Role.INITIATOR, HASH))
                .isEqualTo(genuine ? HandshakePair.ALICE.peerId() : null);
        assertThat(IdentityProof.verify(altered, Role.RESPONDER, HASH)).isNull();
        assertThat(IdentityProof.verify(change, Role.INITIATOR, HASH)).isNull();
    }
}
