package io.weir.reactive.session;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeResult.Established;
import io.weir.core.wire.Hello;
import io.weir.reactive.HandlerError;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerSession;
import io.weir.reactive.SessionState;
import io.weir.reactive.session.carrier.Demultiplexer;
import io.weir.reactive.session.carrier.LinkInput;
import io.weir.reactive.session.carrier.RecordPipeline;
import io.weir.reactive.session.dispatch.SessionDispatch;
import io.weir.reactive.session.loop.SessionClock;
import io.weir.reactive.session.loop.SessionContext;
import io.weir.reactive.session.loop.SessionTimers;
import io.weir.reactive.session.memory.SessionMemory;
import io.weir.reactive.session.message.Messages;
import io.weir.reactive.session.stream.Streams;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.SessionLoop;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.util.context.Context;

/**
 * What one session is made of, and how its parts meet: the rooms of streams, messages and memory see it as their {@link
 * SessionContext}, the link as what takes its bytes. Loop-confined but for what the context says otherwise.
 */
final class SessionCore implements SessionContext, LinkInput, SessionLife.Parts, LivenessWatch.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(SessionCore.class);

    private final Session face;
    private final SessionSettings settings;
    private final @Nullable NodeObserver observer;
    private final SessionHost host;
    private final Entrance entrance;
    private final Link link;
    private final SessionClock clock;
    private final SessionTimers timers;
    private final SessionLife life;
    private final SessionControl control = new SessionControl();
    private final LivenessWatch watch;
    private final SessionMemory memory;
    private final SessionDispatch dispatch;
    private final Streams streams;
    private final Messages messages;
    private final Drain drain;
    private final Agreement agreement;
    private final RecordPipeline pipeline;

    SessionCore(
            Session face,
            SessionSettings settings,
            SessionHost host,
            Link link,
            Established established,
            long rttNanos,
            Entrance entrance) {
        this.face = face;
        this.settings = settings;
        observer = settings.observer();
        this.host = host;
        this.link = link;
        this.entrance = entrance;
        clock = new SessionClock(link.loop());
        timers = new SessionTimers(link.loop());
        life = new SessionLife(this, this);
        agreement = new Agreement(this, entrance, () -> host.onReady(face));
        watch = new LivenessWatch(this, clock, control, rttNanos, this);
        memory = new SessionMemory(this, settings.memory(), settings.sendMemory());
        dispatch = settings.dispatch().forSession(this);
        Handlers handlers = settings.handlers();
        streams = new Streams(
                this, memory, settings.payloads(), settings.initialWindowBytes(), dispatch, handlers.streams());
        messages = new Messages(this, memory, dispatch, handlers.requests(), handlers.messages());
        drain = new Drain(
                this, life, streams, messages, control, (live, requests) -> host.onCutOff(face, live, requests));
        pipeline = new RecordPipeline(
                new SessionLanes(this),
                link.loop(),
                settings.buffers(),
                established.sending(),
                established.receiving(),
                new Demultiplexer(agreement, streams.table(), messages::table),
                this::onRecord);
    }

    /** An authentic record has come, of so many bytes; its frames follow. */
    private void onRecord(int bytes) {
        watch.onHeard();
        if (observer != null) {
            observer.onRecordReceived(face, bytes);
        }
    }

    /** A record is filled. */
    void onFilled(int bytes) {
        watch.onSent();
        if (observer != null) {
            observer.onRecordSent(face, bytes);
        }
    }

    // ---- the parts, for each other and for the session's face

    SessionSettings settings() {
        return settings;
    }

    Link link() {
        return link;
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

    RecordPipeline pipeline() {
        return pipeline;
    }

    /** A record or timer begins. */
    void tick() {
        streams.table().tick(clock.tick());
    }

    // ---- the link

    /** The outbound pipeline has ended: END is flushed, or the link is gone. */
    void onOutboundEnded() {
        if (life.state() == SessionState.CLOSING) {
            pipeline.onLastRecord();
            link.closeOutput();
            life.onOutboundEnded();
        }
    }

    @Override
    public void onBytes(ByteBuffer chunk) {
        if (life.state() == SessionState.CLOSED) {
            chunk.position(chunk.limit());
            return;
        }
        tick();
        ErrorCode error = pipeline.open(chunk);
        if (error != null) {
            chunk.position(chunk.limit());
            life.fail(error, pipeline.problem(error));
        }
        drain.check();
    }

    @Override
    public void onLinkEnd(@Nullable Throwable failure) {
        if (failure != null) {
            LOG.debug("The link of {} broke", this, failure);
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
    public void onSilent(CloseReason reason) {
        life.end(reason, false);
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
        link.close();
        pipeline.close();
    }

    @Override
    public void onClosed(CloseReason reason, boolean wasReady, boolean authenticated) {
        if (wasReady) {
            host.onEnd(face, reason, authenticated, watch.silence());
        } else {
            entrance.onSettled(reason);
        }
    }

    @Override
    public void trim() {
        pipeline.trim();
        messages.trim();
    }

    // ---- SessionContext

    @Override
    public PeerSession peerSession() {
        return face;
    }

    @Override
    public SessionLoop loop() {
        return link.loop();
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
    public NodeLimits limits() {
        return settings.limits();
    }

    @Override
    public long hashSeed() {
        return settings.hashSeed();
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
        return link.writable();
    }

    @Override
    public long linkBlockedNanos(long nowNanos) {
        return link.blockedNanos(nowNanos);
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
    public @Nullable NodeObserver observer() {
        return observer;
    }

    @Override
    public void wake() {
        pipeline.wake();
    }

    @Override
    public void checkDrain() {
        drain.check();
    }

    @Override
    public ByteBuffer view(byte[] array, int offset, int length, boolean kept) {
        return pipeline.view(array, offset, length, kept);
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
