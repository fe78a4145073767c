package io.weir.reactive.balance;

import io.weir.core.balance.PeerSelector;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.WeirException;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Many clients and some servers in virtual time: each client is a true group, over sessions that are not. Keeps the book of all
 * requests: how often each was run, and how it ended.
 */
final class Fleet {

    static final int SERVERS = 20;
    static final int CLIENTS = 1_000;

    /** Never used: no session of the simulation encodes. */
    static final Codec<Integer> NUMBER =
            Codec.of(number -> ByteBuffer.allocate(Integer.BYTES).putInt(0, number), buffer -> buffer.getInt());

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final Random random;
    final List<FleetServer> servers;
    final List<FleetClient> clients = new ArrayList<>();
    final Map<ErrorCode, Integer> failures = new EnumMap<>(ErrorCode.class);
    final List<String> faults = new ArrayList<>();

    private final BitSet run = new BitSet();
    private final BitSet over = new BitSet();
    private int requests;
    private boolean ending;

    Fleet(long seed, PeerSelector selector) {
        random = new Random(seed);
        servers = IntStream.range(0, SERVERS)
                .mapToObj(number -> new FleetServer(number, this))
                .toList();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new FleetClient(this, selector));
        }
    }

    void in(long micros, Runnable task) {
        time.schedule(task, micros, TimeUnit.MICROSECONDS);
    }

    /** No more requests; what was begun ends. */
    void end() {
        ending = true;
        clients.forEach(FleetClient::end);
    }

    boolean isEnding() {
        return ending;
    }

    // ---- the book

    int nextRequest() {
        return requests++;
    }

    void ran(int request) {
        if (run.get(request)) {
            faults.add("request " + request + " was run twice");
        }
        run.set(request);
    }

    void answered(int request, int answer) {
        if (answer != request || !run.get(request)) {
            faults.add("request " + request + " got the answer " + answer);
        }
    }

    void ended(int request) {
        if (over.get(request)) {
            faults.add("request " + request + " ended twice");
        }
        over.set(request);
    }

    void failed(int request, Throwable e) {
        ended(request);
        if (!(e instanceof WeirException known)) {
            faults.add("request " + request + " failed with " + e);
            return;
        }
        failures.merge(known.reason().error(), 1, Integer::sum);
        if (!run.get(request)) {
            faults.add("request " + request + " was never run: " + e.getMessage());
        }
    }

    int requests() {
        return requests;
    }

    int unanswered() {
        return requests - over.cardinality();
    }
}
