package io.weir.reactive.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.weir.core.error.ErrorCode;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.PortTally;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a listener counts of connections that end before anybody has begun with them: from it follows who is asked for a token. */
class QuicListenerTest {

    private final DatagramChannel socket = new NioDatagramChannel();
    private final EmbeddedChannel base = new EmbeddedChannel();

    @AfterEach
    void close() {
        socket.unsafe().closeForcibly(); // it has no loop
        base.close();
    }

    private QuicListener after(Consumer<Establisher> then) {
        QuicListener listener =
                new QuicListener(socket, ImmediateEventExecutor.INSTANCE.newPromise(), () -> {}, PortTally.NONE, then);
        listener.onConnection(new HandQuicChannel(base).channel);
        return listener;
    }

    @Test
    void oneThatIsNotBegunYetIsUnderWay() {
        assertThat(after(connection -> {}).handshakes()).isOne();
    }

    @Test
    void oneThatIsClosedBeforeItBeganIsNotUnderWay() {
        QuicListener listener = after(Establisher::close);
        assertThat(listener.handshakes()).isZero();

        base.close();
        assertThat(listener.handshakes()).isZero();
    }

    @Test
    void norIsOneThatIsRefused() {
        QuicListener listener = after(connection -> connection.refuse(ErrorCode.BUSY));
        base.close();

        assertThat(listener.handshakes()).isZero();
    }

    @Test
    void norIsOneThatEndsByItself() {
        QuicListener listener = after(connection -> {});
        base.close();

        assertThat(listener.handshakes()).isZero();
    }
}
