package io.weir.reactive.balance;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.error.StreamReset;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.SessionState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** A server of the simulation: so many workers, each busy for so long with one request; the others wait in line. */
final class FleetServer implements FakeSession.Behaviour {

    private static final int WORKERS = 64;
    private static final long SERVICE_MICROS = 10_000;
    private static final long TIMEOUT_MICROS = 1_000_000;

    final int number;
    private final Fleet fleet;
    private final long[] freeAtMicros = new long[WORKERS];
    private final Map<FakeSession, FleetClient> sessions = new HashMap<>();
    private final Set<MonoSink<Object>> asked = new HashSet<>();
    private final List<FluxSink<Object>> streams = new ArrayList<>();
    private boolean up;
    private boolean draining;
    private boolean deaf;
    private int slowness = 1;
    /** Requests and streams since the counts were read last. */
    int arrived;

    int inBucket;

    FleetServer(int number, Fleet fleet) {
        this.number = number;
        this.fleet = fleet;
    }

    // ---- what happens to it

    void come() {
        up = true;
        draining = false;
        fleet.clients.forEach(client -> client.dialSoon(this));
    }

    /** Its sessions break; what it was asked is not answered. */
    void die() {
        up = false;
        sessions.forEach((session, client) -> {
            session.become(SessionState.CLOSED);
            client.lost(this);
        });
        sessions.clear();
        List.copyOf(asked).forEach(sink -> sink.error(missing(ErrorCode.LINK_LOST)));
        List.copyOf(streams).forEach(sink -> sink.error(new StreamReset(CloseReason.local(ErrorCode.GOING_AWAY))));
    }

    /** It takes nothing new, and says so to one client after the other; what it was asked it answers. */
    void drain() {
        draining = true;
        long after = 0;
        for (FakeSession session : List.copyOf(sessions.keySet())) {
            after += 100; // so that there are some who do not know yet
            fleet.in(after, () -> session.become(SessionState.DRAINING));
        }
        fleet.in(
                500_000,
                () -> List.copyOf(streams)
                        .forEach(sink -> sink.error(new StreamReset(CloseReason.remote(ErrorCode.GOING_AWAY)))));
        fleet.in(2_000_000, this::die);
    }

    void slowDown(int times) {
        slowness = times;
    }

    /** Whether it answers nothing any more, and lives. */
    void deaf(boolean isDeaf) {
        deaf = isDeaf;
    }

    // ---- what clients see

    boolean isUp() {
        return up && !draining;
    }

    FakeSession accept(FleetClient client) {
        FakeSession session = new FakeSession(FakePeer.id(number), this);
        sessions.put(session, client);
        return session;
    }

    int openStreams() {
        return streams.size();
    }

    @Override
    public Mono<?> answer(Object value, RequestOptions options) {
        arrived++;
        inBucket++;
        if (draining) {
            return Mono.error(missing(ErrorCode.GOING_AWAY));
        }
        fleet.ran((Integer) value);
        return Mono.create(sink -> {
            asked.add(sink);
            sink.onDispose(() -> asked.remove(sink));
            long takes = takesMicros();
            if (takes > TIMEOUT_MICROS) {
                fleet.in(TIMEOUT_MICROS, () -> sink.error(missing(ErrorCode.REQUEST_TIMEOUT)));
            } else {
                fleet.in(takes, () -> sink.success(value));
            }
        });
    }

    private long takesMicros() {
        if (deaf) {
            return Long.MAX_VALUE;
        }
        int next = 0;
        for (int worker = 1; worker < WORKERS; worker++) {
            next = freeAtMicros[worker] < freeAtMicros[next] ? worker : next;
        }
        long now = fleet.time.now(TimeUnit.MICROSECONDS);
        freeAtMicros[next] = Math.max(freeAtMicros[next], now) + SERVICE_MICROS * slowness;
        return freeAtMicros[next] - now;
    }

    @Override
    public Flux<?> stream(String name, Publisher<?> values) {
        return draining
                ? Flux.error(new StreamReset(CloseReason.remote(ErrorCode.GOING_AWAY)))
                : Flux.create(sink -> {
                    streams.add(sink);
                    sink.onDispose(() -> streams.remove(sink));
                });
    }

    private static ReplyMissingException missing(ErrorCode code) {
        return new ReplyMissingException(CloseReason.remote(code));
    }
}
