package io.weir.reactive.session;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.NetworkKeyProof;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.Hello;
import io.weir.core.wire.SessionFrame;
import io.weir.reactive.SessionState;
import io.weir.reactive.session.carrier.Demultiplexer;
import org.jspecify.annotations.Nullable;

/**
 * How two sides agree to a session: each says HELLO, with what it announces, and hears the other's. Takes the frames that
 * concern the session itself. Loop-confined but for {@link #peerHello}.
 */
final class Agreement implements Demultiplexer.SessionFrames {

    private final SessionCore core;
    private final Entrance entrance;
    private final Runnable onReady;
    private volatile Hello peerHello = Hello.defaults();
    private boolean helloHeard;

    /** @param onReady told before the entrance that both agree */
    Agreement(SessionCore core, Entrance entrance, Runnable onReady) {
        this.core = core;
        this.entrance = entrance;
        this.onReady = onReady;
    }

    /** What the peer has announced; the defaults before. Any thread. */
    Hello peerHello() {
        return peerHello;
    }

    /** Queues HELLO: this side agrees to the session. */
    void sayHello() {
        if (core.life().state() == SessionState.HANDSHAKING) {
            core.messages().open(helloHeard ? peerHello : null);
            core.control().hello(ownHello());
            core.wake();
            becomeReadyIfAgreed();
        }
    }

    private Hello ownHello() {
        Hello own = Hello.defaults()
                .withSilenceLimitMillis(core.limits().silenceLimit().toMillis())
                .withIncarnation(core.settings().incarnation())
                .withFeatures(Hello.APPLICATION_ERRORS | Hello.DEADLINES)
                .withMaxDatagramBytes(core.maxDatagramBytes());
        NetworkKeyProof proof = core.networkKeyProof();
        if (proof != null) {
            own = own.withPskMac(proof.of(core.role()));
        }
        return core.messages().announce(core.streams().announce(own));
    }

    @Override
    public @Nullable ErrorCode onHello(Hello hello) {
        if (helloHeard) {
            return core.order() == FrameOrder.NONE ? null : ErrorCode.PROTOCOL_VIOLATION; // there it may come again
        }
        helloHeard = true;
        NetworkKeyProof proof = core.networkKeyProof();
        if (proof != null && !proof.accepts(core.role().other(), hello.pskMac())) {
            return ErrorCode.NETWORK_KEY_MISMATCH;
        }
        peerHello = hello;
        core.watch().onPeerLimit(hello.silenceLimitMillis());
        core.onPeerDatagrams(hello.maxDatagramBytes());
        core.streams().table().onPeerHello(hello);
        core.messages().onPeerHello(hello);
        entrance.onPeerHello();
        becomeReadyIfAgreed();
        return null;
    }

    private void becomeReadyIfAgreed() {
        boolean agreed = helloHeard && core.control().helloSaid();
        if (!agreed || core.life().state() != SessionState.HANDSHAKING || !entrance.mayBecomeReady()) {
            return;
        }
        core.life().becomeReady();
        core.watch().ask();
        onReady.run();
        entrance.onSettled(null);
    }

    // ---- the other frames of a session

    @Override
    public boolean isOpen() {
        return core.life().isOpen();
    }

    @Override
    public boolean isEnding() {
        return core.life().isEnding();
    }

    @Override
    public boolean helloHeard() {
        return helloHeard;
    }

    @Override
    public @Nullable ErrorCode onGoaway(SessionFrame.Goaway frame) {
        return core.drain().onGoaway(frame);
    }

    @Override
    public void onPing(long token) {
        core.watch().onPing(token);
    }

    @Override
    public void onPong(long token) {
        core.watch().onPong(token);
    }

    @Override
    public void onPeerEnd(long code) {
        core.life().end(CloseReason.remote(code), true);
    }
}
