package io.weir.reactive.balance;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.Headers;
import io.weir.reactive.ConnectionManager.PeerChange;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.PeerCalls;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerState;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.WantedPeer;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A wanted peer of which nothing is true but its id and what the test tells of it. */
final class FakePeer implements ManagedPeer {

    private final PeerId id;

    FakePeer(PeerId id) {
        this.id = id;
    }

    /** The same for the same number. */
    static PeerId id(int number) {
        byte[] key = new byte[PeerId.LENGTH];
        new Random(number).nextBytes(key);
        key[PeerId.LENGTH - 1] &= 0x3f; // canonical
        return PeerId.of(key);
    }

    PeerChange ready(PeerSession session) {
        return new PeerChange(this, new PeerState.Ready(session));
    }

    PeerChange lost() {
        return new PeerChange(this, new PeerState.BackingOff(Instant.EPOCH, 1, CloseReason.local(ErrorCode.LINK_LOST)));
    }

    PeerChange removed(ErrorCode reason) {
        return new PeerChange(this, new PeerState.Removed(CloseReason.local(reason)));
    }

    @Override
    public Optional<PeerId> id() {
        return Optional.of(id);
    }

    @Override
    public WantedPeer wanted() {
        throw unknown();
    }

    @Override
    public PeerState state() {
        throw unknown();
    }

    @Override
    public Flux<PeerState> states() {
        throw unknown();
    }

    @Override
    public Mono<PeerSession> session() {
        throw unknown();
    }

    @Override
    public PeerCalls within(Duration wait) {
        throw unknown();
    }

    @Override
    public void retry() {
        throw unknown();
    }

    @Override
    public void remove() {
        throw unknown();
    }

    @Override
    public Mono<Void> disconnect() {
        throw unknown();
    }

    @Override
    public <A, B> Mono<B> request(String route, A value, Codec<A> in, Codec<B> out, RequestOptions options) {
        throw unknown();
    }

    @Override
    public <A> Mono<Void> send(String name, Headers headers, A value, Codec<A> codec) {
        throw unknown();
    }

    @Override
    public <T> Flux<T> subscribe(StreamOpen open, StreamConfig config, Codec<T> codec) {
        throw unknown();
    }

    @Override
    public <A, B> Flux<B> exchange(
            StreamOpen open, StreamConfig config, Publisher<? extends A> values, Codec<A> in, Codec<B> out) {
        throw unknown();
    }

    private static UnsupportedOperationException unknown() {
        return new UnsupportedOperationException("no group asks a peer for that");
    }
}
