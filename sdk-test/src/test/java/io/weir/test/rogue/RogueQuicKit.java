package io.weir.test.rogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import org.junit.jupiter.api.AfterEach;

/** A node that listens over QUIC on loopback, with a friend, and who misuses it. */
abstract class RogueQuicKit {

    /** Streams that come to nothing, in the life of a session. */
    static final int MOST_FUTILE = 1_024;

    final TcpVictim victim = TcpVictim.at(PeerAddress.quic("127.0.0.1", 0));

    @AfterEach
    void close() {
        victim.close();
    }

    RogueQuicPeer rogue() {
        return RogueQuicPeer.dial(victim.address());
    }

    void assertEnded(RogueQuicPeer rogue, ErrorCode code) {
        assertThat(rogue.awaitEnd()).isEqualTo(code);
        rogue.client.close();
        assertThat(victim.log.closed(rogue.id())).isEqualTo(CloseReason.local(code));
    }
}
