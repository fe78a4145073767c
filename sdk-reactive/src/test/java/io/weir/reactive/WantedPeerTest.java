package io.weir.reactive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WantedPeerTest {
    private static final PeerId ID = Identity.generate().peerId();
    private static final PeerId OTHER = Identity.generate().peerId();
    private static final PeerAddress A = PeerAddress.tcp("a.example", 7400);
    private static final PeerAddress B = PeerAddress.tcp("b.example", 7400);

    @Test
    void everyAddressExpectsTheWantedPeer() {
        WantedPeer wanted = WantedPeer.of(ID, A, B.expecting(ID), A);

        assertThat(wanted.addresses()).containsExactly(A.expecting(ID), B.expecting(ID));
    }

    @Test
    void anAddressMayTellWhoIsWanted() {
        WantedPeer wanted = WantedPeer.at(A, B.expecting(ID));

        assertThat(wanted.id()).isEqualTo(ID);
        assertThat(wanted.addresses()).containsExactly(A.expecting(ID), B.expecting(ID));
    }

    @Test
    void thePolicyIsTheNodesUnlessSaid() {
        WantedPeer wanted = WantedPeer.at(A);

        assertThat(wanted.policy()).isNull();
        assertThat(wanted.withPolicy(ConnectionPolicy.defaults()).policy()).isEqualTo(ConnectionPolicy.defaults());
    }

    @Test
    void addressesOfTwoPeersAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WantedPeer.of(ID, A.expecting(OTHER)))
                .withMessage("address tcp://a.example:7400#%s expects another peer than %s", OTHER, ID);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WantedPeer.at(A.expecting(ID), B.expecting(OTHER)))
                .withMessage("address tcp://b.example:7400#%s expects another peer than %s", OTHER, ID);
    }

    @Test
    void nobodyIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(WantedPeer::at)
                .withMessage("neither id nor addresses are given; at least one of them must be");
    }

    @Test
    void anAddressThatCannotBeDialledIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WantedPeer.at(A.withPort(0)))
                .withMessage("address tcp://a.example:0 has port 0, which cannot be dialled");
    }

    @Test
    void moreAddressesThanAPeerMayHaveAreRefused() {
        List<PeerAddress> most = IntStream.rangeClosed(1, WantedPeer.MAX_ADDRESSES)
                .mapToObj(A::withPort)
                .toList();
        assertThat(new WantedPeer(null, most, null).addresses()).hasSize(16);

        List<PeerAddress> more =
                IntStream.rangeClosed(1, 17).mapToObj(A::withPort).toList();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WantedPeer(null, more, null))
                .withMessage("addresses are 17, must be at most 16");
    }
}
