package io.weir.reactive.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** What a connection asks of QUIC when it is closed. */
class QuicConnectionTest {

    private final HandQuicChannel quic = new HandQuicChannel(new EmbeddedChannel());
    private final QuicConnection connection = new QuicConnection(quic.channel);

    /** "Sending a CONNECTION_CLOSE of type 0x1d in an Initial or Handshake packet could expose application state" (RFC 9000, 10.2.3). */
    @Test
    void beforeThereAreKeysItIsNoApplicationThatCloses() {
        connection.close();

        assertThat(quic.closed).containsExactly("false " + QuicError.APPLICATION_ERROR);
    }

    @Test
    void behindThatAnApplicationClosesInGoodOrder() {
        new EmbeddedChannel(connection); // which is active

        connection.close();

        assertThat(quic.closed).containsExactly("true 0");
    }
}
