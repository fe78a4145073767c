package io.weir.reactive.balance;

import io.weir.reactive.BalancedCalls;
import io.weir.reactive.Balancing;
import io.weir.reactive.ConnectionManager.PeerChange;
import io.weir.reactive.PeerGroup;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A group in virtual time, whose peers answer when the test says so. */
final class GroupKit {

    static final int MAX_WAITING = 8;
    static final Duration WAIT = Duration.ofSeconds(10);
    static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final Sinks.Many<PeerChange> changes = Sinks.many().unicast().onBackpressureBuffer();
    final List<Server> servers = new ArrayList<>();
    final PeerGroup group;

    GroupKit(Balancing balancing) {
        Random random = new Random(1);
        group = BalancedGroup.of(
                changes.asFlux(),
                balancing,
                new GroupSettings(time, WAIT, REQUEST_TIMEOUT, MAX_WAITING, random::nextDouble));
    }

    /** So many peers that are there. */
    GroupKit servers(int count) {
        for (int i = 0; i < count; i++) {
            Server server = new Server(servers.size());
            servers.add(server);
            server.come();
        }
        return this;
    }

    Server server(int index) {
        return servers.get(index);
    }

    void advance(Duration duration) {
        time.advanceTimeBy(duration);
    }

    Call call() {
        return call(group);
    }

    Call call(BalancedCalls calls) {
        return call(calls, RequestOptions.defaults());
    }

    Call call(BalancedCalls calls, RequestOptions options) {
        Call call = new Call();
        call.subscription = calls.request("route", "value", Codec.utf8(), Codec.utf8(), options)
                .subscribe(value -> call.value = value, e -> call.error = e);
        time.advanceTime();
        return call;
    }

    /** The server that has asked what no other has, and has not answered. */
    Server asked() {
        return servers.stream().filter(server -> server.open() > 0).findFirst().orElseThrow();
    }

    int open() {
        return servers.stream().mapToInt(Server::open).sum();
    }

    /** How one call went. */
    static final class Call {
        @Nullable
        String value;

        @Nullable
        Throwable error;

        @Nullable
        Disposable subscription;

        boolean isOver() {
            return value != null || error != null;
        }

        void cancel() {
            if (subscription != null) {
                subscription.dispose();
            }
        }
    }

    /** One peer. */
    final class Server implements FakeSession.Behaviour {
        final int number;
        final FakePeer peer;
        final List<MonoSink<Object>> requests = new ArrayList<>();
        final List<Sinks.Many<Object>> streams = new ArrayList<>();
        final List<RequestOptions> options = new ArrayList<>();
        FakeSession session;

        @Nullable
        Throwable always;

        int asked;
        int cancelled;

        Server(int number) {
            this.number = number;
            this.peer = new FakePeer(FakePeer.id(number));
            this.session = new FakeSession(FakePeer.id(number), this);
        }

        void come() {
            session = new FakeSession(FakePeer.id(number), this);
            tell(peer.ready(session));
        }

        void tell(PeerChange change) {
            changes.tryEmitNext(change).orThrow();
            time.advanceTime();
        }

        /** Requests that it has not answered. */
        int open() {
            return requests.size();
        }

        void answer(String value) {
            requests.remove(0).success(value);
            time.advanceTime();
        }

        void fail(Throwable error) {
            requests.remove(0).error(error);
            time.advanceTime();
        }

        @Override
        public Mono<?> answer(Object value, RequestOptions how) {
            asked++;
            options.add(how);
            if (always != null) {
                return Mono.error(always);
            }
            return Mono.create(sink -> {
                requests.add(sink);
                sink.onCancel(() -> {
                    cancelled++;
                    requests.remove(sink);
                });
            });
        }

        @Override
        public Flux<?> stream(String name, Publisher<?> values) {
            asked++;
            if (always != null) {
                return name.equals("late") ? Flux.from(values).thenMany(Flux.error(always)) : Flux.error(always);
            }
            Sinks.Many<Object> sink = Sinks.many().unicast().onBackpressureBuffer();
            streams.add(sink);
            return sink.asFlux().doOnCancel(() -> streams.remove(sink));
        }
    }
}
