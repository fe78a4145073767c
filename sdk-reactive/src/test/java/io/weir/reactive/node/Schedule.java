package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.ReplyEvent;
import io.weir.reactive.Request;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.publisher.Sinks;

/**
 * One random schedule of what can happen to two nodes, drawn from a seed, in virtual time: connect, cancel, lose, close,
 * request, reply, cancel, listen. {@link #finish} closes what is left and checks that each beginning had exactly one end.
 */
final class Schedule implements AutoCloseable {

    private static final int MOST_STEPS = 24;
    private static final Duration LONG_AFTER = Duration.ofSeconds(10);
    private static final List<String> ROUTES = List.of("now", "later", "never", "fails", "empty", "throws", "nobody's");

    private final Random random;
    private final StringBuilder script = new StringBuilder();
    private final TrackedTime time = new TrackedTime();
    private final MemoryNetwork network = MemoryNetwork.on(time);
    private final List<Member> members = new ArrayList<>();
    private final List<Attempt<?>> connects = new ArrayList<>();
    private final List<Attempt<String>> requests = new ArrayList<>();
    private final List<Sinks.One<ByteBuffer>> laterReplies = new ArrayList<>();
    private int handlersRun;
    private int handlersOver;

    Schedule(long seed) {
        random = new Random(seed);
        script.append("seed ").append(seed);
        members.add(new Member("alice"));
        members.add(new Member("bob"));
        members.forEach(Member::start);
    }

    /** What has been done, for whom a failure puzzles. */
    @Override
    public String toString() {
        return script.toString();
    }

    void run() {
        int steps = 4 + random.nextInt(MOST_STEPS - 3);
        for (int i = 0; i < steps; i++) {
            step();
            if (random.nextInt(4) > 0) {
                time.settle();
            }
        }
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0, 1 -> connect();
            case 2 -> cancel("connect", connects);
            case 3, 4, 5, 6 -> request();
            case 7 -> cancel("request", requests);
            case 8 -> reply();
            case 9 -> endSession();
            case 10 -> lose();
            default -> advance();
        }
        if (random.nextInt(20) == 0) {
            listenElsewhere();
        }
        if (random.nextInt(40) == 0) {
            Member member = any(members);
            say("close node " + member.name);
            member.node().dispose();
        }
    }

    private void connect() {
        Member from = any(members);
        Member to = any(members.subList(0, 2));
        PeerAddress address = switch (random.nextInt(6)) {
            case 0 -> PeerAddress.memory("nowhere");
            case 1 -> PeerAddress.memory(to.name).expecting(from.node().id());
            case 2 -> PeerAddress.memory(to.name).expecting(to.node().id());
            default -> PeerAddress.memory(to.name);
        };
        say(from.name + " connects to " + address);
        connects.add(new Attempt<>(from.node().connect(address)));
    }

    private void request() {
        List<Conversation> all =
                members.stream().flatMap(member -> member.sessions.stream()).toList();
        if (all.isEmpty()) {
            return;
        }
        Conversation on = any(all);
        String route = any(ROUTES);
        RequestOptions options = random.nextBoolean()
                ? RequestOptions.defaults()
                : RequestOptions.defaults().withTimeout(Duration.ofMillis(1 + random.nextInt(300)));
        say("request " + route + " on " + on.session);
        requests.add(new Attempt<>(on.session
                .request(route, "x".repeat(random.nextInt(40_000)), Codec.utf8(), Codec.utf8(), options)
                .doFinally(on::ended)));
    }

    private void cancel(String what, List<? extends Attempt<?>> attempts) {
        if (!attempts.isEmpty()) {
            say("cancel a " + what);
            any(attempts).cancel();
        }
    }

    private void reply() {
        if (!laterReplies.isEmpty()) {
            say("reply");
            any(laterReplies).tryEmitValue(ByteBuffer.allocate(random.nextInt(40_000)));
        }
    }

    private void endSession() {
        List<Conversation> all =
                members.stream().flatMap(member -> member.sessions.stream()).toList();
        if (!all.isEmpty()) {
            PeerSession session = any(all).session;
            say("end " + session);
            if (random.nextBoolean()) {
                session.dispose();
            } else {
                session.close().subscribe();
            }
        }
    }

    private void lose() {
        String name = any(members.subList(0, 2)).name;
        if (random.nextBoolean()) {
            say("reset " + name);
            network.reset(name);
        } else {
            say("silence " + name);
            network.silence(name);
        }
    }

    private void advance() {
        Duration by = Duration.ofMillis(random.nextInt(random.nextBoolean() ? 30 : 700));
        say("advance " + by.toMillis());
        time.advance(by);
    }

    private void listenElsewhere() {
        Member member = new Member(random.nextBoolean() ? "alice" : "also-" + members.size());
        say("listen at " + member.name);
        members.add(member);
        member.start();
        if (member.node == null) {
            member.checkEvents();
            members.remove(member);
        }
    }

    /** Ends everything and checks what was promised. */
    void finish() {
        say("finish");
        members.forEach(member -> member.node().dispose());
        time.advance(LONG_AFTER);
        connects.forEach(Attempt::check);
        requests.forEach(Attempt::check);
        members.forEach(Member::checkEvents);
        members.forEach(Member::checkReplies);
        assertThat(handlersOver).as("handlers that ended").isEqualTo(handlersRun);
        assertThat(network.links()).as("links left").isZero();
        assertThat(time.timers()).as("timers left").isZero();
    }

    @Override
    public void close() {
        time.dispose();
    }

    private void say(String what) {
        script.append("; ").append(what);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private Publisher<ByteBuffer> answer(Request request) {
        return switch (request.route()) {
            case "now" -> Mono.just(request.payload());
            case "later" -> {
                Sinks.One<ByteBuffer> reply = Sinks.one();
                laterReplies.add(reply);
                yield reply.asMono();
            }
            case "never" -> Mono.never();
            case "fails" -> Mono.error(new IllegalStateException("as it should"));
            case "empty" -> Mono.empty();
            default -> throw new IllegalStateException("as it should");
        };
    }

    /** A node, what it tells, and how often its transport was asked. */
    private final class Member {
        private final String name;
        private final List<PeerEvent> events = new ArrayList<>();
        private final List<Conversation> sessions = new ArrayList<>();
        private final Set<String> requestsSeen = new HashSet<>();
        private final CountingTransport transport;
        private PeerNode node;

        Member(String name) {
            this.name = name;
            transport = new CountingTransport(network.transport());
        }

        void start() {
            PeerNodeSpec spec = Weir.node()
                    .limits(NodeLimits.defaults()
                            .withSilenceLimit(Duration.ofMillis(300))
                            .withHandshakeTimeout(Duration.ofMillis(500))
                            .withRequestTimeout(Duration.ofMillis(400)))
                    .transport(transport)
                    .onEvent(events::add)
                    .listen(PeerAddress.memory(name));
            for (String route : ROUTES) {
                if (!route.equals("nobody's")) {
                    spec = spec.onRequest(route, this::handle);
                }
            }
            spec.start().subscribe(started -> node = started, refused -> {});
            time.settle();
            if (node != null) {
                node.sessions().subscribe(session -> sessions.add(new Conversation(session)));
            }
        }

        PeerNode node() {
            return node;
        }

        private Publisher<ByteBuffer> handle(Request request) {
            assertThat(requestsSeen.add(request.session() + " " + request.id()))
                    .as("request runs for the first time")
                    .isTrue();
            return Mono.defer(() -> {
                        handlersRun++;
                        return Mono.from(answer(request));
                    })
                    .doFinally(signal -> handlersOver++);
        }

        void checkEvents() {
            assertThat(count(PeerEvent.Listening.class) + count(PeerEvent.ListeningError.class))
                    .as("listens of " + name)
                    .isEqualTo(transport.listens());
            // a dial to oneself is refused with or without a connection
            assertThat(count(PeerEvent.ConnectionSetup.class) + count(PeerEvent.ConnectionSetupError.class))
                    .as("dials of " + name)
                    .isBetween(transport.dials(), transport.dials() + dialsToItself());
            Map<Long, String> lives = new HashMap<>();
            for (PeerEvent event : events) {
                if (event instanceof PeerEvent.ConnectionReady ready) {
                    lives.merge(ready.sessionId(), "ready", String::concat);
                } else if (event instanceof PeerEvent.ConnectionClosed closed) {
                    lives.merge(closed.sessionId(), " over", String::concat);
                } else if (event instanceof PeerEvent.ConnectionLost lost) {
                    lives.merge(lost.sessionId(), " over", String::concat);
                }
            }
            assertThat(lives.values()).as("sessions of " + name).allMatch("ready over"::equals);
            events.stream()
                    .filter(PeerEvent.ConnectionSetup.class::isInstance)
                    .map(PeerEvent.ConnectionSetup.class::cast)
                    .forEach(setup -> assertThat(lives).containsKey(setup.sessionId()));
        }

        private int dialsToItself() {
            return (int) events.stream()
                    .filter(event -> event instanceof PeerEvent.ConnectionSetupError error
                            && error.reason().code() == ErrorCode.SELF_CONNECT.number())
                    .count();
        }

        private int count(Class<? extends PeerEvent> kind) {
            return (int) events.stream().filter(kind::isInstance).count();
        }

        void checkReplies() {
            sessions.forEach(Conversation::check);
        }
    }

    /** A session, and how its requests end: those that do before it does. */
    private static final class Conversation {
        private final PeerSession session;
        private final List<ReplyEvent> told = new ArrayList<>();
        private boolean over;
        private int answered;
        private int cancelled;

        Conversation(PeerSession session) {
            this.session = session;
            session.replies().subscribe(told::add, e -> over = true, () -> over = true);
        }

        void ended(SignalType how) {
            if (over) {
                return;
            }
            if (how == SignalType.CANCEL) {
                cancelled++; // told on the loop, if the session has not ended by then
            } else {
                answered++;
            }
        }

        void check() {
            assertThat(over).as("replies() of " + session + " has completed").isTrue();
            assertThat(told.size()).as("ends of the requests of " + session).isBetween(answered, answered + cancelled);
        }
    }

    /** Subscribed at once; exactly one end is to come, or none after it was cancelled. */
    private static final class Attempt<T> {
        private final Disposable subscription;
        private boolean cancelled;
        private int ends;
        private int endsWhenCancelled;

        Attempt(Mono<T> mono) {
            subscription = mono.subscribe(value -> {}, e -> ends++, () -> ends++);
        }

        void cancel() {
            if (!cancelled) {
                cancelled = true;
                endsWhenCancelled = ends;
                subscription.dispose();
            }
        }

        void check() {
            assertThat(ends)
                    .as("ends of " + (cancelled ? "a cancelled" : "an") + " attempt")
                    .isEqualTo(cancelled ? endsWhenCancelled : 1);
            assertThat(ends).isLessThanOrEqualTo(1);
        }
    }
}
