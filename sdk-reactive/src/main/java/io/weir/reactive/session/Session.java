package io.weir.reactive.session;

import io.weir.core.credit.MemoryBudget;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeResult.Established;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.Liveness;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamEpoch;
import io.weir.core.stream.StreamId;
import io.weir.core.stream.StreamTable;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameWriter;
import io.weir.reactive.HandlerError;
import io.weir.reactive.Message;
import io.weir.reactive.MessageStats;
import io.weir.reactive.OpenStats;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.ReplyEvent;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.SessionState;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.fault.Barrier;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.SessionLoop;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * One session on one link, from the end of the handshake to the end of the link: joins the outbound pipeline (fair merge,
 * seal), the inbound one (open, demultiplex) and the streams.
 *
 * <pre>
 *   HANDSHAKING --HELLO said and heard--> READY --END queued--> CLOSING --flushed--> CLOSED
 *        |                                  | |                    ^                   ^
 *        |              GOAWAY said or heard| +--> DRAINING -------+                   |
 *        |                                             |                               |
 *        +---------- END heard, link lost, peer silent +-------------------------------+
 * </pre>
 *
 * Loop-confined but for the methods of {@link PeerSession}. {@code public} for the node's package only.
 */
public final class Session implements PeerSession, LinkInput, FairMerge.Source {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final SessionSettings settings;
    private final SessionHost host;
    private final long id;
    private final Link link;
    private final SessionLoop loop;
    private final PeerId peer;
    private final boolean initiator;
    private final Entrance entrance;

    private final RecordSealer sealer;
    private final RecordOpener opener;
    private final FairMerge merge;
    private final Demultiplexer demultiplexer;
    private final SessionControl control = new SessionControl();
    private final SessionTimers timers;
    private final Liveness liveness;
    private final RoundTrips roundTrips;
    private final Streams streams;
    private final Messages messages;
    private final MemoryWait memoryWait;
    private final SendMemory sendMemory;
    private final MemoryWait sendMemoryWait;
    private final Set<OutboundHalf> starved = new LinkedHashSet<>();
    private final Drain drain;
    private final RecordOpener.Sink dispatch;
    private final Sinks.One<CloseReason> closed = Sinks.one();

    /** This side has asked for the end, and its loop may not know yet. */
    private volatile boolean unwanted;

    private volatile SessionState state = SessionState.HANDSHAKING;
    private volatile @Nullable CloseReason closeReason;
    private volatile Frame.Hello peerHello = Frame.Hello.defaults();
    private @Nullable Throwable fatal; // thrown on once the peer has been told
    private boolean helloHeard;
    private boolean endAuthenticated;
    private boolean wasReady;
    private Disposable livenessDeadline;
    private long tickNanos;
    private long lastHeardNanos;

    Session(
            SessionSettings settings,
            SessionHost host,
            long id,
            Link link,
            Established established,
            boolean initiator,
            long rttNanos,
            Entrance entrance) {
        this.settings = settings;
        this.host = host;
        this.id = id;
        this.link = link;
        this.loop = link.loop();
        this.peer = established.peer();
        this.initiator = initiator;
        this.entrance = entrance;
        sealer = new RecordSealer(established.sending());
        opener = new RecordOpener(established.receiving());
        merge = new FairMerge(this, loop, settings.buffers());
        timers = new SessionTimers(loop);
        tickNanos = loop.nowNanos();
        lastHeardNanos = tickNanos;
        long silenceLimitNanos = settings.limits().silenceLimit().toNanos();
        liveness = new Liveness(silenceLimitNanos, Frame.Hello.defaults().silenceLimitMillis() * 1_000_000, tickNanos);
        roundTrips = new RoundTrips(rttNanos, silenceLimitNanos, tickNanos);
        MemoryBudget budget = settings.sessionBudget();
        memoryWait = new MemoryWait(settings.memory(), this, this::onMemoryFreed);
        sendMemory = new SendMemory(settings.sendMemory(), settings.limits().sessionSendBudgetBytes());
        sendMemoryWait = new MemoryWait(settings.sendMemory(), this, this::onSendMemoryFreed);
        streams = new Streams(this, settings, budget, memoryWait);
        messages = new Messages(this, settings, budget, memoryWait);
        drain = new Drain(this, streams, messages, control);
        demultiplexer = new Demultiplexer(this, streams, messages);
        dispatch = plaintext -> {
            lastHeardNanos = tickNanos;
            liveness.onReceived(tickNanos);
            return demultiplexer.onRecord(plaintext);
        };
        livenessDeadline = timers.at(liveness.deadlineNanos(), this::checkLiveness);
    }

    // ---- outbound

    /** Everything this side says, as sealed records with their length fields. */
    Flux<ByteBuffer> records() {
        return merge.map(sealer::seal);
    }

    /** Queues HELLO: this side agrees to the session. */
    void sayHello() {
        if (state == SessionState.HANDSHAKING) {
            messages.open(helloHeard ? peerHello : null);
            control.hello(messages.ownHello(streams.ownHello(settings)));
            merge.wake();
            becomeReadyIfAgreed();
        }
    }

    /** There may be something to write. */
    void wake() {
        merge.wake();
    }

    @Override
    public void fill(FrameWriter record) {
        tick();
        control.write(record);
        if (isOpen()) {
            roundTrips.write(record, tickNanos);
            int answered = record.position();
            fillFromLanes(record);
            if (record.position() > answered && roundTrips.dueOnTraffic(tickNanos)) {
                roundTrips.ask();
                roundTrips.write(record, tickNanos);
            }
        }
        if (!record.isEmpty()) {
            liveness.onSent(tickNanos);
        }
        drain.check();
    }

    /** What controls goes first; then messages take half of the record where streams have data too, all of it otherwise. */
    private void fillFromLanes(FrameWriter record) {
        streams.writeControl(record);
        messages.writeControl(record);
        messages.write(record, streams.hasData() ? FrameWriter.RECORD_TARGET / 2 : FrameWriter.RECORD_TARGET);
        streams.fill(record);
        messages.write(record, FrameWriter.RECORD_TARGET);
    }

    private void onMemoryFreed() {
        streams.table().onMemoryFreed();
        messages.onMemoryFreed();
    }

    private void tick() {
        tickNanos = loop.nowNanos();
        streams.table().tick(tickNanos);
    }

    @Override
    public boolean isFinished() {
        return control.endWritten();
    }

    /** The outbound pipeline has ended: END is flushed, or the link is gone. */
    void onOutboundEnded() {
        if (state == SessionState.CLOSING) {
            sealer.close();
            link.closeOutput();
            if (Objects.requireNonNull(closeReason).error() == ErrorCode.REPLACED) {
                finish(); // another one waits for its place
            }
            throwOnFatal();
        }
    }

    // ---- inbound

    @Override
    public void onBytes(ByteBuffer chunk) {
        if (state == SessionState.CLOSED) {
            chunk.position(chunk.limit());
            return;
        }
        tick();
        ErrorCode error = opener.open(chunk, dispatch);
        if (error != null) {
            chunk.position(chunk.limit());
            boolean tooShort = error == ErrorCode.MALFORMED_FRAME
                    && demultiplexer.problem().isEmpty();
            fail(error, tooShort ? "a record of less than 17 bytes" : demultiplexer.problem());
        }
        drain.check();
    }

    @Override
    public void onLinkEnd(@Nullable Throwable failure) {
        if (failure != null) {
            LOG.debug("The link of {} broke", this, failure);
        }
        if (state == SessionState.CLOSING) {
            finish();
        } else {
            String how = failure == null ? "the link ended without END" : "the link broke: " + failure.getMessage();
            end(CloseReason.local(ErrorCode.LINK_LOST, how), false);
        }
    }

    @Override
    public void onDefect(Throwable defect) {
        if (Fault.isFatal(defect)) {
            onFatal(defect);
        } else {
            LOG.error("A defect ends {}", this, defect);
            fail(ErrorCode.INTERNAL);
        }
    }

    /**
     * User code threw where nobody can be told of it: reported, and a fatal error ends the session and is then thrown on
     * ({@link Fault}). Any thread.
     */
    void thrown(Throwable e, Context context) {
        if (Fault.isFatal(e)) {
            run(() -> onFatal(e));
        } else {
            Fault.report(e, context);
        }
    }

    /** User code threw in a call of a user's, who gets what it threw; a fatal error ends the session too. Any thread. */
    void thrownToCaller(Throwable e) {
        if (Fault.isFatal(e)) {
            closeWith(ErrorCode.INTERNAL);
        }
    }

    /** The peer hears of it before the error goes on, since whoever gets it may well end the process. */
    private void onFatal(Throwable e) {
        if (state == SessionState.CLOSED) {
            Fault.throwOn(e);
            return;
        }
        if (fatal == null) {
            fatal = e;
        }
        try {
            fail(ErrorCode.INTERNAL);
            LOG.error("A fatal error ends {}", this, e);
        } catch (Throwable again) {
            throwOnFatal(); // it is as bad as that
        }
    }

    /** A handler for what the peer began has failed. Any thread. */
    void handlerFailed(HandlerError.Kind kind, String name, Throwable e) {
        settings.handlerErrors().failed(kind, name, this, e);
    }

    private void throwOnFatal() {
        Throwable e = fatal;
        fatal = null;
        if (e != null) {
            Fault.throwOn(e);
        }
    }

    @Nullable
    ErrorCode onHello(Frame.Hello hello) {
        if (helloHeard) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        helloHeard = true;
        peerHello = hello;
        liveness.onPeerLimit(saturatedNanos(hello.silenceLimitMillis()), tickNanos);
        roundTrips.onPeerLimit(saturatedNanos(hello.silenceLimitMillis()));
        watchLiveness(liveness.deadlineNanos());
        streams.table().onPeerHello(hello);
        messages.onPeerHello(hello);
        entrance.onPeerHello();
        becomeReadyIfAgreed();
        return null;
    }

    private static long saturatedNanos(long millis) {
        return millis > Long.MAX_VALUE / 1_000_000 ? Long.MAX_VALUE : millis * 1_000_000;
    }

    boolean helloHeard() {
        return helloHeard;
    }

    private void becomeReadyIfAgreed() {
        if (!helloHeard || !control.helloSaid() || state != SessionState.HANDSHAKING || !entrance.mayBecomeReady()) {
            return;
        }
        state = SessionState.READY;
        wasReady = true;
        roundTrips.ask();
        merge.wake();
        host.onReady(this);
        entrance.onSettled(null);
    }

    @Nullable
    ErrorCode onGoaway(Frame.Goaway frame) {
        return isOpen() ? drain.onGoaway(frame) : ErrorCode.PROTOCOL_VIOLATION;
    }

    /** Either side drains. */
    void onDraining() {
        state = SessionState.DRAINING;
    }

    /** A drain's deadline has come before the end of so many streams and requests. */
    void cutOff(int liveStreams, int requests) {
        host.onCutOff(this, liveStreams, requests);
    }

    /** Something that a drain waits for may be over. */
    void checkDrain() {
        drain.check();
    }

    void onPing(long token) {
        control.pong(token);
        if (control.helloSaid()) {
            merge.wake();
        }
    }

    void onPong(long token) {
        roundTrips.onPong(token, tickNanos);
    }

    void onPeerEnd(long code) {
        end(CloseReason.remote(code), true);
    }

    // ---- life

    private void checkLiveness() {
        tickNanos = loop.nowNanos();
        switch (liveness.poll(tickNanos)) {
            case NOTHING -> {}
            case BEAT -> {
                if (control.helloSaid()) {
                    beat();
                }
            }
            case DRAIN -> {
                // let the loop read what waits below, then judge
                watchLiveness(tickNanos + 1_000_000);
                return;
            }
            case SILENT -> {
                long millis = (tickNanos - lastHeardNanos) / 1_000_000;
                end(CloseReason.local(ErrorCode.SILENCE, "nothing was heard for " + millis + " ms"), false);
                return;
            }
        }
        opener.trim();
        demultiplexer.trim();
        messages.trim();
        watchLiveness(liveness.deadlineNanos());
    }

    /** A PING says as much as a HEARTBEAT, and measures. */
    private void beat() {
        if (isOpen() && roundTrips.dueOnBeat(tickNanos)) {
            roundTrips.ask();
        } else {
            control.heartbeat();
        }
        merge.wake();
    }

    private void watchLiveness(long atNanos) {
        livenessDeadline.dispose();
        livenessDeadline = timers.at(atNanos, this::checkLiveness);
    }

    /** The peer broke a rule, or this side has had enough: says END with this code, then closes. */
    void fail(ErrorCode code) {
        fail(code, "");
    }

    /** The same; {@code detail} says in words, to this side only, what was found. */
    void fail(ErrorCode code, String detail) {
        CloseReason reason = CloseReason.local(code, detail);
        LOG.debug("{} is ended: {}", this, reason);
        beginClose(reason);
    }

    private void beginClose(CloseReason reason) {
        if (state == SessionState.CLOSING || state == SessionState.CLOSED) {
            return;
        }
        state = SessionState.CLOSING;
        closeReason = reason;
        endAuthenticated = true;
        onEnding(reason);
        control.end(reason.code());
        merge.wake();
        timers.at(loop.nowNanos() + SessionSetup.LINGER_NANOS, this::finish);
    }

    /** Over at once: END was heard, or the link or the peer is gone. */
    private void end(CloseReason reason, boolean authenticated) {
        if (state == SessionState.CLOSED) {
            return;
        }
        if (state != SessionState.CLOSING) {
            closeReason = reason;
            endAuthenticated = authenticated;
            state = SessionState.CLOSING;
            onEnding(reason);
        }
        finish();
    }

    private void onEnding(CloseReason reason) {
        streams.onSessionEnd(reason);
        messages.onSessionEnd(reason);
        memoryWait.end();
        sendMemoryWait.end();
        roundTrips.close(reason, toString());
        drain.onSessionEnd();
    }

    private void finish() {
        if (state == SessionState.CLOSED) {
            return;
        }
        state = SessionState.CLOSED;
        timers.dispose();
        merge.cancel();
        link.close();
        sealer.close();
        opener.close();
        CloseReason reason = Objects.requireNonNull(closeReason);
        if (wasReady) {
            host.onEnd(this, reason, endAuthenticated, Duration.ofNanos(loop.nowNanos() - lastHeardNanos));
        } else {
            entrance.onSettled(reason);
        }
        closed.tryEmitValue(reason);
        throwOnFatal();
    }

    // ---- for the streams

    SessionLoop loop() {
        return loop;
    }

    StreamTable table() {
        return streams.table();
    }

    Streams streamHost() {
        return streams;
    }

    Messages messageHost() {
        return messages;
    }

    SessionTimers timers() {
        return timers;
    }

    long nowNanos() {
        return loop.nowNanos();
    }

    /** The time of the current record or timer: good enough for activity, and free. */
    long tickNanos() {
        return tickNanos;
    }

    long rttNanos() {
        return roundTrips.smoothedNanos();
    }

    boolean inLoop() {
        return loop.inLoop();
    }

    void run(Runnable task) {
        LoopCalls.run(loop, task);
    }

    void execute(Runnable task) {
        LoopCalls.execute(loop, task);
    }

    void activate(OutboundHalf half) {
        streams.activate(half);
        merge.wake();
    }

    void deactivate(OutboundHalf half) {
        streams.deactivate(half);
        starved.remove(half);
    }

    /** What this side has accepted and not yet written. */
    SendMemory sendMemory() {
        return sendMemory;
    }

    /** Serves this half again when something that was accepted has been written, here or in another session. */
    void awaitSendMemory(OutboundHalf half) {
        starved.add(half);
        sendMemoryWait.begin();
    }

    /** Whether a large element may be encoded: there is room, and no other stream's has waited for it longer. */
    boolean hasRoomForLarge() {
        return starved.isEmpty() && sendMemory.hasRoom();
    }

    private void onSendMemoryFreed() {
        List<OutboundHalf> again = List.copyOf(starved);
        starved.clear();
        again.forEach(OutboundHalf::activate);
    }

    ByteBuffer slice(byte[] array, int offset, int length) {
        return demultiplexer.slice(array, offset, length);
    }

    void watchIdle(LiveStream stream) {
        streams.watchIdle(stream);
    }

    void onGivenUp(LiveStream stream, @Nullable LiveStream before) {
        streams.onGivenUp(stream, before);
    }

    boolean takeUpAgain(LiveStream stream) {
        return streams.takeUpAgain(stream);
    }

    void onStreamOver(LiveStream stream) {
        streams.onStreamOver(stream);
    }

    void onClosing(StreamClose close) {
        streams.onClosing(close);
    }

    void onClosed(StreamClose close) {
        streams.onClosed(close);
    }

    void cancelPayload(StreamEpoch epoch) {
        streams.cancelPayload(epoch);
    }

    /** Runs the task on the loop after so long, also when the session has ended meanwhile, unless disposed. */
    Disposable later(Duration delay, Runnable task) {
        try {
            return loop.schedule(task, loop.nowNanos() + delay.toNanos());
        } catch (RejectedExecutionException shutDown) {
            task.run();
            return Disposables.disposed();
        }
    }

    void onClaimed(LiveStream stream) {
        streams.onClaimed(stream);
    }

    LiveStream bind(
            StreamId streamId, StreamOpen open, StreamConfig config, AtomicReference<@Nullable LiveStream> handle) {
        return streams.bind(streamId, open, config, handle);
    }

    /** What the peer accepts in one element. Any thread. */
    long peerMaxPayloadBytes() {
        return peerHello.maxPayloadBytes();
    }

    /** The window that the peer gives each stream at first. Any thread. */
    long peerInitialWindow() {
        return peerHello.initialWindow();
    }

    /** The other side's run, as it said. */
    public long peerIncarnation() {
        return peerHello.incarnation();
    }

    Duration silenceLimit() {
        return settings.limits().silenceLimit();
    }

    Duration drainTimeout() {
        return settings.limits().drainTimeout();
    }

    /** Why the session is ending or has ended; null while it lives. Any thread. */
    @Nullable
    CloseReason closeReason() {
        return closeReason;
    }

    // ---- PeerSession, any thread

    @Override
    public long id() {
        return id;
    }

    @Override
    public PeerId peer() {
        return peer;
    }

    @Override
    public SocketAddress remoteAddress() {
        return link.remoteAddress();
    }

    @Override
    public boolean initiator() {
        return initiator;
    }

    @Override
    public SessionState state() {
        return state;
    }

    @Override
    public PeerStream openStream(StreamId streamId, StreamOpen open, StreamConfig config) {
        Objects.requireNonNull(streamId, "id");
        Objects.requireNonNull(open, "open");
        Objects.requireNonNull(config, "config");
        return new StreamHandle(this, streamId, open, config);
    }

    @Override
    public Flux<PeerStream> streams() {
        return streams.unclaimed();
    }

    @Override
    public <A, B> Mono<B> request(String route, A value, Codec<A> in, Codec<B> out, RequestOptions options) {
        return messages.requests().request(route, value, in, out, options);
    }

    @Override
    public <A> Mono<Void> send(String name, A value, Codec<A> codec) {
        return messages.requests().send(name, value, codec);
    }

    @Override
    public <A, B> Flux<B> exchange(String name, Publisher<? extends A> values, Codec<A> in, Codec<B> out) {
        return new Exchange<>(this, settings.random(), name, values, in, out).flux();
    }

    @Override
    public Flux<Message> messages() {
        return messages.unhandled();
    }

    @Override
    public Flux<ReplyEvent> replies() {
        return messages.requests().replies();
    }

    @Override
    public OpenStats openStats() {
        return streams.openStats();
    }

    @Override
    public MessageStats messageStats() {
        return messages.stats();
    }

    @Override
    public Mono<Duration> ping() {
        return Mono.<Mono<Duration>>create(sink -> run(() -> {
                    Mono<Duration> sample = roundTrips.next();
                    merge.wake();
                    sink.success(sample);
                }))
                .flatMap(sample -> sample)
                .transform(sample -> Barrier.mono(sample, this::thrown));
    }

    @Override
    public Duration roundTrip() {
        return Duration.ofNanos(roundTrips.smoothedNanos());
    }

    @Override
    public Mono<Void> drain(Duration deadline) {
        Duration limit = Drain.checked(deadline);
        return Mono.defer(() -> {
            drainWith(limit, ErrorCode.NONE);
            return onClose().flatMap(reason -> Drain.result(reason, toString()));
        });
    }

    /** The deadline, or {@link IllegalArgumentException} if it is none for a drain. */
    public static Duration checkedDeadline(Duration deadline) {
        return Drain.checked(deadline);
    }

    /** Says GOAWAY with this code, and END when nothing is left or the deadline has come. */
    public void drainWith(Duration deadline, ErrorCode code) {
        run(() -> drain.begin(deadline, code));
    }

    @Override
    public Mono<Void> onDrain() {
        return drain.begun();
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            dispose();
            return onClose().then();
        });
    }

    @Override
    public void dispose() {
        closeWith(ErrorCode.NONE);
    }

    /** Says END with this code and closes. */
    public void closeWith(ErrorCode code) {
        unwanted = true;
        run(() -> beginClose(CloseReason.local(code)));
    }

    /** Ends it at once for a newer session with the same peer; END is said if the link takes it. */
    public void replace() {
        closeWith(ErrorCode.REPLACED);
    }

    @Override
    public boolean isDisposed() {
        return unwanted || isEnding();
    }

    /** Whether streams and messages are written and dispatched. */
    boolean isOpen() {
        return state == SessionState.READY || state == SessionState.DRAINING;
    }

    /** Whether streams and requests may begin, as far as is known here. Any thread. */
    public boolean takesNew() {
        return !unwanted && state == SessionState.READY;
    }

    /** Nothing more is dispatched. */
    boolean isEnding() {
        return state == SessionState.CLOSED || state == SessionState.CLOSING;
    }

    @Override
    public Mono<CloseReason> onClose() {
        return Barrier.mono(closed.asMono(), this::thrown);
    }

    @Override
    public String toString() {
        return "session " + id + " with " + peer;
    }
}
