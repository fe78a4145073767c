package io.weir.test.rogue;

import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.core.wire.Frame;
import io.weir.core.wire.Hello;
import io.weir.core.wire.SessionFrame;
import io.weir.reactive.transport.quic.RogueQuicClient;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A {@link RoguePeer} that speaks QUIC: it says any frames in any streams. Whoever waits for the node waits 20 seconds at the most. */
final class RogueQuicPeer implements AutoCloseable {

    static final int CONTROL = 0;
    static final int HALF = 1;
    static final int MESSAGES = 2;
    static final int END = 3;

    /** The streams below it. */
    final RogueQuicClient client;

    private final RogueEar ear = new RogueEar();
    private int control;
    private @Nullable Hello heardHello;

    private RogueQuicPeer(PeerAddress node, boolean datagrams) {
        client = new RogueQuicClient(node, datagrams);
    }

    /** Connected, with keys agreed on; nothing said yet. */
    static RogueQuicPeer dial(PeerAddress node) {
        return new RogueQuicPeer(node, true);
    }

    /** The same, of a peer that takes no datagrams. */
    static RogueQuicPeer dialWithoutDatagrams(PeerAddress node) {
        return new RogueQuicPeer(node, false);
    }

    /** HELLO, and the node's HELLO: from here on the node holds a session. */
    RogueQuicPeer session() {
        control = client.open(CONTROL);
        send(Hello.defaults());
        heardHello = await(Hello.class);
        return this;
    }

    Hello hello() {
        return Objects.requireNonNull(heardHello, "no session yet");
    }

    PeerId id() {
        return client.id();
    }

    /** In the stream of control. */
    void send(Frame... frames) {
        client.block(control, RogueFrames.plaintext(frames));
    }

    /** In the stream of control, whatever it is. */
    void sendPlaintext(byte[] frames) {
        client.block(control, frames);
    }

    /** In a new stream of that type; its number. */
    int sendIn(int type, byte[] frames) {
        int stream = client.open(type);
        client.block(stream, frames);
        return stream;
    }

    /** In a new stream of that type; its number. */
    int sendIn(int type, Frame... frames) {
        return sendIn(type, RogueFrames.plaintext(frames));
    }

    /** The stream of control, to be reset or ended. */
    int control() {
        return control;
    }

    <F extends Frame> F await(Class<F> kind) {
        return ear.await(kind, this::nextBlock);
    }

    /** The code of the node's END. */
    ErrorCode awaitEnd() {
        return ErrorCode.of(await(SessionFrame.End.class).code());
    }

    /** The session goes on. */
    void assertAlive() {
        send(new SessionFrame.Ping(4242));
        while (await(SessionFrame.Pong.class).token() != 4242) {
            // an answer to an earlier one
        }
    }

    private boolean nextBlock() {
        byte[] frames = client.next();
        if (frames == null) {
            return false;
        }
        ear.hear(frames, frames.length);
        return true;
    }

    @Override
    public void close() {
        client.close();
    }
}
