package io.weir.reactive.balance;

import io.weir.core.error.CloseReason;
import io.weir.core.identity.PeerId;
import io.weir.core.path.PathStats;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.core.wire.Headers;
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
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A session whose answers are the test's, by the value that is asked. What no group asks of a session it does not know. */
final class FakeSession implements PeerSession {

    /** What a peer does. */
    interface Behaviour {

        Mono<?> answer(Object value, RequestOptions options);

        default Flux<?> stream(String name, Publisher<?> values) {
            return Flux.error(unknown());
        }
    }

    private final PeerId peer;
    private final Behaviour behaviour;
    private final Sinks.Empty<Void> draining = Sinks.empty();
    private SessionState state = SessionState.READY;

    FakeSession(PeerId peer, Behaviour behaviour) {
        this.peer = peer;
        this.behaviour = behaviour;
    }

    /** From now on it says so; whoever looks at its drain is told only then. */
    void become(SessionState newState) {
        state = newState;
        draining.tryEmitEmpty();
    }

    /** It drains, and nobody has been told yet. */
    void becomeSilently(SessionState newState) {
        state = newState;
    }

    @Override
    public PeerId peer() {
        return peer;
    }

    @Override
    public SessionState state() {
        return state;
    }

    @Override
    public Mono<Void> onDrain() {
        return draining.asMono();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <A, B> Mono<B> request(String route, A value, Codec<A> in, Codec<B> out, RequestOptions options) {
        return (Mono<B>) Mono.defer(() -> behaviour.answer(value, options));
    }

    @Override
    public <A> Mono<Void> send(String name, Headers headers, A value, Codec<A> codec) {
        return Mono.defer(() -> behaviour.answer(value, RequestOptions.defaults()))
                .then();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> Flux<T> subscribe(StreamOpen open, StreamConfig config, Codec<T> codec) {
        return (Flux<T>) Flux.defer(() -> behaviour.stream(open.name(), Flux.empty()));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <A, B> Flux<B> exchange(
            StreamOpen open, StreamConfig config, Publisher<? extends A> values, Codec<A> in, Codec<B> out) {
        return (Flux<B>) Flux.defer(() -> behaviour.stream(open.name(), values));
    }

    @Override
    public long id() {
        return 1;
    }

    @Override
    public SocketAddress remoteAddress() {
        return InetSocketAddress.createUnresolved("fake.example", 1);
    }

    @Override
    public String transport() {
        return "fake";
    }

    @Override
    public boolean initiator() {
        return true;
    }

    @Override
    public boolean isDisposed() {
        return state == SessionState.CLOSED;
    }

    @Override
    public void dispose() {
        become(SessionState.CLOSED);
    }

    @Override
    public PeerStream openStream(StreamId id, StreamOpen open, StreamConfig config) {
        throw unknown();
    }

    @Override
    public Flux<PeerStream> streams() {
        throw unknown();
    }

    @Override
    public Flux<Message> messages() {
        throw unknown();
    }

    @Override
    public Flux<ReplyEvent> replies() {
        throw unknown();
    }

    @Override
    public MessageStats messageStats() {
        throw unknown();
    }

    @Override
    public OpenStats openStats() {
        throw unknown();
    }

    @Override
    public Mono<Duration> ping() {
        throw unknown();
    }

    @Override
    public Duration roundTrip() {
        throw unknown();
    }

    @Override
    public Mono<PathStats> pathStats() {
        throw unknown();
    }

    @Override
    public Flux<PathStats> pathStats(Duration interval) {
        throw unknown();
    }

    @Override
    public Mono<Void> drain(Duration deadline) {
        throw unknown();
    }

    @Override
    public Mono<Void> close() {
        throw unknown();
    }

    @Override
    public Mono<CloseReason> onClose() {
        throw unknown();
    }

    private static UnsupportedOperationException unknown() {
        return new UnsupportedOperationException("no group asks a session for that");
    }
}
