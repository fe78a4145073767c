package io.weir.core.handshake;

import static io.weir.core.handshake.HandshakePair.ALICE;
import static io.weir.core.handshake.HandshakePair.BOB;
import static io.weir.core.handshake.HandshakePair.filled;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.identity.NetworkKey;
import io.weir.core.identity.PeerId;
import io.weir.core.wire.Bytes;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

final class NetworkKeyProofTest {

    private static final PeerId INITIATOR = ALICE.peerId();
    private static final PeerId RESPONDER = BOB.peerId();
    private static final NetworkKey KEY = NetworkKey.of(filled(7));
    private static final NetworkKeyProof PROOF = new NetworkKeyProof(KEY, INITIATOR, RESPONDER);

    private static Bytes said(NetworkKeyProof proof, Role role) {
        return Objects.requireNonNull(proof.of(role));
    }

    @Test
    void isTheHmacOfRoleAndBothIds() throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(filled(7), "HmacSHA256"));
        byte[] statement = ByteBuffer.allocate(65)
                .put((byte) 1)
                .put(INITIATOR.bytes())
                .put(RESPONDER.bytes())
                .array();

        assertThat(said(PROOF, Role.RESPONDER).toByteArray()).isEqualTo(mac.doFinal(statement));
    }

    @Test
    void isGoodForItsRoleAlone() {
        assertThat(PROOF.accepts(Role.INITIATOR, said(PROOF, Role.INITIATOR))).isTrue();
        assertThat(PROOF.accepts(Role.RESPONDER, said(PROOF, Role.RESPONDER))).isTrue();
        assertThat(PROOF.accepts(Role.RESPONDER, said(PROOF, Role.INITIATOR))).isFalse();
    }

    @Test
    void isGoodForItsPeersAlone() {
        NetworkKeyProof other = new NetworkKeyProof(KEY, RESPONDER, INITIATOR);

        assertThat(PROOF.accepts(Role.INITIATOR, said(other, Role.INITIATOR))).isFalse();
        assertThat(PROOF.accepts(Role.INITIATOR, said(other, Role.RESPONDER))).isFalse();
    }

    @Test
    void isNotThatOfAnotherKeyNorNone() {
        NetworkKeyProof other = new NetworkKeyProof(NetworkKey.of(filled(8)), INITIATOR, RESPONDER);

        assertThat(PROOF.accepts(Role.INITIATOR, said(other, Role.INITIATOR))).isFalse();
        assertThat(PROOF.accepts(Role.INITIATOR, null)).isFalse();
    }

    @Test
    void whoHasNoKeySaysNothingAndHearsNothing() {
        NetworkKeyProof none = new NetworkKeyProof(null, INITIATOR, RESPONDER);

        assertThat(none.of(Role.INITIATOR)).isNull();
        assertThat(none.accepts(Role.RESPONDER, null)).isTrue();
        assertThat(none.accepts(Role.RESPONDER, said(PROOF, Role.RESPONDER))).isFalse();
    }
}
