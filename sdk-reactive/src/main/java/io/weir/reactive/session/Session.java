package io.weir.reactive.session;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import io.weir.core.path.PathStats;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.core.wire.Headers;
import io.weir.reactive.ConnectionInfo;
import io.weir.reactive.Message;
import io.weir.reactive.MessageStats;
import io.weir.reactive.NodeStats;
import io.weir.reactive.OpenStats;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.ReplyEvent;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.SessionState;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.fault.Barrier;
import io.weir.reactive.session.loop.SessionContext;
import io.weir.reactive.session.stream.StreamCalls;
import io.weir.reactive.transport.Association;
import io.weir.reactive.transport.SessionLoop;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * One session on one carrier, from the end of the handshake to the end of the carrier, as its users and its node see it; what it
 * is made of is a {@link SessionCore}. Any thread, but for what says otherwise.
 */
public final class Session implements PeerSession {

    private final SessionCore core;
    private final SessionLife life;
    private final StreamCalls streamCalls;
    private final long id;
    private final PeerId peer;
    /** Written on the loop. */
    private volatile SocketAddress remoteAddress;

    private final String transport;
    private final boolean initiator;

    /**
     * Begins with HANDSHAKING, and starts the association's carrier; says nothing before {@link #sayHello}. On its loop.
     */
    public Session(
            SessionSettings settings,
            SessionHost host,
            long id,
            Association association,
            boolean initiator,
            Entrance entrance) {
        this.id = id;
        this.peer = association.peer();
        this.remoteAddress = association.remoteAddress();
        this.transport = association.transport();
        this.initiator = initiator;
        core = new SessionCore(this, settings, host, association.carrier(), entrance);
        life = core.life();
        streamCalls = new StreamCalls(core.streams(), settings.random());
        core.start();
    }

    SessionCore core() {
        return core;
    }

    /** The peer is at another address from now on; returns the one before. On the loop. */
    SocketAddress moved(SocketAddress to) {
        SocketAddress before = remoteAddress;
        remoteAddress = to;
        return before;
    }

    // ---- for its setup, on the loop

    /** Queues HELLO: this side agrees to the session. */
    public void sayHello() {
        core.agreement().sayHello();
    }

    /** Whether this side has agreed to the session. */
    public boolean helloSaid() {
        return core.control().helloSaid();
    }

    public boolean helloHeard() {
        return core.agreement().helloHeard();
    }

    /** The peer broke a rule, or this side has had enough: says END with this code, then closes. */
    public void fail(ErrorCode code) {
        fail(code, "");
    }

    /** The same; {@code detail} says in words, to this side only, what was found. */
    public void fail(ErrorCode code, String detail) {
        life.fail(code, detail);
    }

    public SessionLoop loop() {
        return core.loop();
    }

    /** As {@link SessionContext#run}. */
    public void run(Runnable task) {
        core.run(task);
    }

    /** As {@link SessionContext#thrown}. */
    public void thrown(Throwable e, Context context) {
        life.thrown(e, context);
    }

    // ---- for the node

    /** The other side's run, as it said. */
    public long peerIncarnation() {
        return core.peerHello().incarnation();
    }

    /** What there is to see of it now. */
    public ConnectionInfo info() {
        return new ConnectionInfo(
                id,
                peer,
                remoteAddress,
                transport,
                initiator ? ConnectionInfo.Direction.OUTBOUND : ConnectionInfo.Direction.INBOUND,
                life.readySince(),
                core.loop().instant(core.watch().lastHeardNanos()),
                roundTrip(),
                state());
    }

    /** Whether it has something to say that its link does not take now. */
    public boolean isBlocked() {
        return core.isBlocked();
    }

    /** What it has carried so far. */
    public NodeStats.Traffic traffic() {
        return core.traffic();
    }

    /** Whether streams and requests may begin, as far as is known here. */
    public boolean takesNew() {
        return life.takesNew();
    }

    /** Says END with this code and closes. */
    public void closeWith(ErrorCode code) {
        life.closeWith(code);
    }

    /** Ends it at once for a newer session with the same peer; END is said if the link takes it. */
    public void replace() {
        closeWith(ErrorCode.REPLACED);
    }

    /** The deadline, or {@link IllegalArgumentException} if it is none for a drain. */
    public static Duration checkedDeadline(Duration deadline) {
        return Drain.checked(deadline);
    }

    /** Says GOAWAY with this code, and END when nothing is left or the deadline has come. */
    public void drainWith(Duration deadline, ErrorCode code) {
        core.run(() -> core.drain().begin(deadline, code));
    }

    // ---- PeerSession

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
        return remoteAddress;
    }

    @Override
    public String transport() {
        return transport;
    }

    @Override
    public boolean initiator() {
        return initiator;
    }

    @Override
    public SessionState state() {
        return life.state();
    }

    @Override
    public PeerStream openStream(StreamId streamId, StreamOpen open, StreamConfig config) {
        Objects.requireNonNull(streamId, "id");
        Objects.requireNonNull(open, "open");
        Objects.requireNonNull(config, "config");
        return core.streams().handle(streamId, open, config);
    }

    @Override
    public Flux<PeerStream> streams() {
        return core.streams().unclaimed();
    }

    @Override
    public <A, B> Mono<B> request(String route, A value, Codec<A> in, Codec<B> out, RequestOptions options) {
        return core.messages().requests().request(route, value, in, out, options);
    }

    @Override
    public <A> Mono<Void> send(String name, Headers headers, A value, Codec<A> codec) {
        return core.messages().requests().send(name, headers, value, codec);
    }

    @Override
    public <T> Flux<T> subscribe(StreamOpen open, StreamConfig config, Codec<T> codec) {
        return streamCalls.subscribe(open, config, codec);
    }

    @Override
    public <A, B> Flux<B> exchange(
            StreamOpen open, StreamConfig config, Publisher<? extends A> values, Codec<A> in, Codec<B> out) {
        return streamCalls.exchange(open, config, values, in, out);
    }

    @Override
    public Flux<Message> messages() {
        return core.messages().unhandled();
    }

    @Override
    public Flux<ReplyEvent> replies() {
        return core.messages().requests().replies();
    }

    @Override
    public OpenStats openStats() {
        return core.streams().openStats();
    }

    @Override
    public MessageStats messageStats() {
        return core.messages().stats();
    }

    @Override
    public Mono<Duration> ping() {
        return Mono.<Mono<Duration>>create(
                        sink -> core.run(() -> sink.success(core.watch().next())))
                .flatMap(sample -> sample)
                .transform(sample -> Barrier.mono(sample, life::thrown));
    }

    @Override
    public Duration roundTrip() {
        return Duration.ofNanos(core.rttNanos());
    }

    @Override
    public Mono<PathStats> pathStats() {
        return Barrier.mono(core.paths().one(), life::thrown);
    }

    @Override
    public Flux<PathStats> pathStats(Duration interval) {
        return Barrier.flux(core.paths().each(interval), life::thrown);
    }

    @Override
    public Mono<Void> drain(Duration deadline) {
        Duration limit = Drain.checked(deadline);
        return Mono.defer(() -> {
            drainWith(limit, ErrorCode.NONE);
            return onClose().flatMap(reason -> Drain.result(reason, toString()));
        });
    }

    @Override
    public Mono<Void> onDrain() {
        return core.drain().begun();
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

    @Override
    public boolean isDisposed() {
        return life.isUnwanted();
    }

    @Override
    public Mono<CloseReason> onClose() {
        return life.onClose();
    }

    @Override
    public String toString() {
        return "session " + id + " with " + peer;
    }
}
