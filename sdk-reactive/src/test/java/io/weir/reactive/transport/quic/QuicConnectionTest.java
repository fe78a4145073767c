package io.weir.reactive.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.quic.QuicChannel;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a connection asks of QUIC when it is closed. */
class QuicConnectionTest {

    private final List<String> closed = new ArrayList<>();
    private final EmbeddedChannel base = new EmbeddedChannel();
    private final QuicConnection connection = new QuicConnection(channel());

    private QuicChannel channel() {
        return (QuicChannel) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {QuicChannel.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "eventLoop" -> base.eventLoop();
                    case "closeFuture" -> base.closeFuture();
                    case "isActive" -> false;
                    case "close" -> {
                        closed.add(arguments[0] + " " + arguments[1]);
                        yield null;
                    }
                    default -> null;
                });
    }

    /** "Sending a CONNECTION_CLOSE of type 0x1d in an Initial or Handshake packet could expose application state" (RFC 9000, 10.2.3). */
    @Test
    void beforeThereAreKeysItIsNoApplicationThatCloses() {
        connection.close();

        assertThat(closed).containsExactly("false " + QuicError.APPLICATION_ERROR);
    }

    @Test
    void behindThatAnApplicationClosesInGoodOrder() {
        new EmbeddedChannel(connection); // which is active

        connection.close();

        assertThat(closed).containsExactly("true 0");
    }
}
