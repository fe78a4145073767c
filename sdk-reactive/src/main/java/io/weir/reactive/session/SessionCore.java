package io.weir.reactive.session;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.NetworkKeyProof;
import io.weir.core.handshake.Role;
import io.weir.core.identity.NetworkKey;
import io.weir.core.identity.PeerId;
import io.weir.core.path.PathStats;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.Hello;
import io.weir.reactive.HandlerError;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.NodeStats.Traffic;
import io.weir.reactive.NodeStats.Way;
import io.weir.reactive.PeerSession;
import io.weir.reactive.SessionState;
import io.weir.reactive.session.carrier.Demultiplexer;
import io.weir.reactive.session.dispatch.SessionDispatch;
import io.weir.reactive.session.loop.SessionClock;
import io.weir.reactive.session.loop.SessionContext;
import io.weir.reactive.session.loop.SessionTimers;
import io.weir.reactive.session.memory.SessionMemory;
import io.weir.reactive.session.message.Messages;
import io.weir.reactive.session.stream.Streams;
import io.weir.reactive.stats.RequestCounts;
import io.weir.reactive.stats.Samples;
import io.weir.reactive.transport.Carrier;
import io.weir.reactive.transport.FrameSink;
import io.weir.reactive.transport.HalfLane;
import io.weir.reactive.transport.Lane;
import io.weir.reactive.transport.Path;
import io.weir.reactive.transport.SessionLoop;
import io.weir.reactive.transport.TurnedAwayException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.util.context.Context;

/**
 * What one session is made of, and how its parts meet: the rooms of streams, messages and memory see it as their {@link
 * SessionContext}, the carrier as what takes frames. Loop-confined but for what the context says otherwise.
 */
final class SessionCore implements SessionContext, FrameSink, SessionLife.Parts, LivenessWatch.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(SessionCore.class);

    private final Session face;
    private final SessionSettings settings;
    private final @Nullable NodeObserver observer;
    private final SessionHost host;
    private final Entrance entrance;
    private final Carrier carrier;
    private final SessionClock clock;
    private final SessionTimers timers;
    private final SessionLife life;
    private final SessionControl control = new SessionControl(this::wake);
    private final LivenessWatch watch;
    private final SessionMemory memory;
    private final SessionDispatch dispatch;
    private final Streams streams;
    private final Messages messages;
    private final Drain drain;
    private final UseWatch use;
    private final Agreement agreement;
    private final Demultiplexer demultiplexer;

    // written for each record, on the loop only: whoever reads them elsewhere may see them a little later
    private long recordsSent;
    private long bytesSent;
    private long recordsReceived;
    private long bytesReceived;

    SessionCore(Session face, SessionSettings settings, SessionHost host, Carrier carrier, Entrance entrance) {
        this.face = face;
        this.settings = settings;
        observer = settings.observer();
        this.host = host;
        this.carrier = carrier;
        this.entrance = entrance;
        clock = new SessionClock(carrier);
        timers = new SessionTimers(carrier.loop());
        life = new SessionLife(this, this, new Linger(carrier));
        agreement = new Agreement(this, entrance, this::onReady);
        watch = new LivenessWatch(this, clock, control, carrier.path().roundTripNanos(), this);
        memory = new SessionMemory(this, settings.memory(), settings.sendMemory());
        dispatch = settings.dispatch().forSession(this);
        Handlers handlers = settings.handlers();
        streams = new Streams(
                this, memory, settings.payloads(), settings.initialWindowBytes(), dispatch, handlers.streams());
        messages = new Messages(this, memory, dispatch, handlers.requests(), handlers.messages());
        drain = new Drain(
                this, life, streams, messages, control, (live, requests) -> host.onCutOff(face, live, requests));
        use = new UseWatch(this, carrier, () -> streams.table().liveStreams() > 0 || !messages.isIdle());
        demultiplexer = new Demultiplexer(agreement, streams.table(), messages::table, carrier.order());
    }

    /** The carrier begins to carry. */
    void start() {
        carrier.start(new SessionLanes(this), this);
    }

    private void onReady() {
        use.begin();
        host.onReady(face);
    }

    /** As {@link Carrier#maxDatagramBytes}. */
    int maxDatagramBytes() {
        return carrier.maxDatagramBytes();
    }

    /** What HELLO has to show of the network key; null if the handshake has shown it. */
    @Nullable
    NetworkKeyProof networkKeyProof() {
        if (carrier.provesNetworkKey()) {
            return null;
        }
        PeerId self = settings.handshake().identity().peerId();
        PeerId peer = face.peer();
        NetworkKey key = settings.handshake().networkKey();
        return face.initiator() ? new NetworkKeyProof(key, self, peer) : new NetworkKeyProof(key, peer, self);
    }

    /** Which end of the connection this is. */
    Role role() {
        return face.initiator() ? Role.INITIATOR : Role.RESPONDER;
    }

    /** As {@link Carrier#onPeerHello}. */
    void onPeerDatagrams(long maxBytes) {
        carrier.onPeerHello(maxBytes);
    }

    /** So many bytes of frames are written, and go out. */
    void onWritten(int bytes) {
        watch.onSent();
        recordsSent++;
        bytesSent += bytes;
        if (observer != null) {
            observer.onRecordSent(face, bytes);
        }
    }

    // ---- the parts, for each other and for the session's face

    SessionSettings settings() {
        return settings;
    }

    SessionLife life() {
        return life;
    }

    Agreement agreement() {
        return agreement;
    }

    SessionControl control() {
        return control;
    }

    LivenessWatch watch() {
        return watch;
    }

    Streams streams() {
        return streams;
    }

    Messages messages() {
        return messages;
    }

    Drain drain() {
        return drain;
    }

    /** What the path is like, to whoever asks. Any thread. */
    Samples<PathStats> paths() {
        return PathSamples.of(this, carrier::stats, life.onClose());
    }

    /** Whether it has something to say that its link does not take now. Any thread. */
    boolean isBlocked() {
        return carrier.isBlocked();
    }

    /** What it has carried so far. Any thread. */
    Traffic traffic() {
        Traffic elements = streams.elements();
        return elements.plus(new Traffic(
                new Way(recordsSent, bytesSent, 0, 0),
                new Way(recordsReceived, bytesReceived, 0, 0),
                streams.table().lateElements()));
    }

    /** A record or timer begins. */
    void tick() {
        streams.table().tick(clock.tick());
    }

    // ---- what the carrier brings

    @Override
    public void onInput() {
        tick();
    }

    @Override
    public void onHeard(int bytes) {
        watch.onHeard();
        recordsReceived++;
        bytesReceived += bytes;
        if (observer != null) {
            observer.onRecordReceived(face, bytes);
        }
    }

    @Override
    public boolean keepsFrames() {
        return demultiplexer.keepsFrames();
    }

    @Override
    public boolean onFrames(Lane lane, byte[] array, int length, boolean own) {
        clock.turnBegins();
        messages.onTurnBegins();
        ErrorCode error;
        try {
            error = demultiplexer.onFrames(lane, array, length, own);
        } finally {
            messages.onTurnEnds();
            clock.turnEnds();
        }
        if (error != null) {
            life.fail(error, demultiplexer.problem());
        }
        drain.check();
        return error == null;
    }

    @Override
    public void onViolation(ErrorCode error, String problem) {
        life.fail(error, problem);
    }

    @Override
    public void onFatesTold() {
        drain.check();
    }

    @Override
    public void onMoved(SocketAddress to) {
        SocketAddress before = face.moved(to);
        if (life.isOpen() && !before.equals(to)) { // it may be back where it was, and never was proved elsewhere
            host.onMoved(face, before);
        }
    }

    @Override
    public void onMoveUnproven() {
        if (life.isOpen()) {
            host.onMoveUnproven(face);
        }
    }

    @Override
    public void onFlushed() {
        if (life.state() == SessionState.CLOSING) {
            life.onOutboundEnded();
        }
    }

    @Override
    public void onLost(@Nullable Throwable failure) {
        if (failure != null) {
            LOG.debug("The link of {} broke", this, failure);
        }
        if (failure instanceof TurnedAwayException said) {
            life.end(said.reason(), false);
            return;
        }
        String how = failure == null ? "the link ended without END" : "the link broke: " + failure.getMessage();
        life.end(CloseReason.local(ErrorCode.LINK_LOST, how), false);
    }

    @Override
    public void onDefect(Throwable defect) {
        life.onDefect(defect);
    }

    // ---- the end

    @Override
    public void onForeignPong(long token) {
        carrier.onPong(token);
    }

    @Override
    public void onSilent(CloseReason reason) {
        life.end(reason, false);
    }

    @Override
    public void onDraining() {
        host.onDraining(face);
    }

    @Override
    public void onClosing(boolean hasDrained) {
        host.onClosing(face, hasDrained);
    }

    @Override
    public void onEnding(CloseReason reason) {
        streams.onSessionEnd(reason);
        messages.onSessionEnd(reason);
        dispatch.onSessionEnd();
        memory.end();
        watch.onSessionEnd(reason);
        drain.onSessionEnd();
    }

    @Override
    public void sayEnd(long code) {
        control.end(code);
        wake();
    }

    @Override
    public void onFinished() {
        timers.dispose();
        carrier.close();
    }

    @Override
    public void onClosed(CloseReason reason, boolean wasReady, boolean authenticated) {
        if (wasReady) {
            tellPath();
            host.onEnd(face, reason, authenticated, watch.silence());
        } else {
            entrance.onSettled(reason);
        }
    }

    @Override
    public void tellPath() {
        PathStats path = observer == null ? null : carrier.stats();
        if (observer != null && path != null) {
            observer.onPath(face, path);
        }
    }

    @Override
    public void trim() {
        carrier.trim();
        demultiplexer.trim();
        messages.trim();
    }

    // ---- SessionContext

    @Override
    public PeerSession peerSession() {
        return face;
    }

    @Override
    public SessionLoop loop() {
        return carrier.loop();
    }

    @Override
    public SessionTimers timers() {
        return timers;
    }

    @Override
    public long tickNanos() {
        return clock.tickNanos();
    }

    @Override
    public long turnNanos() {
        return clock.turnNanos();
    }

    @Override
    public NodeLimits limits() {
        return settings.limits();
    }

    @Override
    public long hashSeed() {
        return settings.hashSeed();
    }

    @Override
    public FrameOrder order() {
        return carrier.order();
    }

    @Override
    public Path path() {
        return carrier.path();
    }

    @Override
    public Hello peerHello() {
        return agreement.peerHello();
    }

    @Override
    public long rttNanos() {
        return watch.rttNanos();
    }

    @Override
    public boolean linkTakesMore() {
        return carrier.takesMore();
    }

    @Override
    public long linkBlockedNanos(long nowNanos) {
        return carrier.blockedNanos(nowNanos);
    }

    @Override
    public boolean isOpen() {
        return life.isOpen();
    }

    @Override
    public @Nullable CloseReason closeReason() {
        return life.reason();
    }

    @Override
    public @Nullable CloseReason endReason() {
        return life.endReason();
    }

    @Override
    public Instant readySince() {
        return life.readySince();
    }

    @Override
    public @Nullable NodeObserver observer() {
        return observer;
    }

    @Override
    public void used() {
        use.onUsed();
    }

    @Override
    public RequestCounts counts() {
        return settings.counts();
    }

    @Override
    public void wake() {
        carrier.wake();
    }

    @Override
    public void wake(HalfLane half) {
        carrier.wake(half);
    }

    @Override
    public void forget(HalfLane half) {
        carrier.forget(half);
    }

    @Override
    public void checkDrain() {
        drain.check();
    }

    @Override
    public ByteBuffer view(byte[] array, int offset, int length, boolean kept) {
        return demultiplexer.view(array, offset, length, kept);
    }

    @Override
    public void handlerFailed(HandlerError.Kind kind, String name, Throwable e) {
        settings.handlerErrors().failed(kind, name, face, nowNanos(), e);
    }

    @Override
    public void thrown(Throwable e, Context context) {
        life.thrown(e, context);
    }

    @Override
    public void thrownToCaller(Throwable e) {
        life.thrownToCaller(e);
    }

    @Override
    public String toString() {
        return face.toString();
    }
}
