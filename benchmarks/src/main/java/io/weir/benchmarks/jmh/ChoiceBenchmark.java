package io.weir.benchmarks.jmh;

import io.weir.core.balance.Mixing;
import io.weir.core.balance.PeerSelector;
import io.weir.core.identity.PeerId;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Choosing one of several peers for one call. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChoiceBenchmark {

    /** How many there are. */
    @Param({"3", "20", "200"})
    public int peers;

    private PeerSelector.Candidates candidates = new Loads(List.of(), new int[0], new long[0]);
    private final PeerSelector round = PeerSelector.roundRobin();
    private final PeerSelector two = PeerSelector.powerOfTwoChoices();
    private final PeerSelector hash = PeerSelector.consistentHash();
    private final PeerSelector bounded = PeerSelector.consistentHash(1.25);
    private long call;

    /** A benchmark that JMH sets up. */
    public ChoiceBenchmark() {}

    /** Gives each peer something to do. */
    @Setup
    public void load() {
        Random random = new Random(1);
        int[] loads = random.ints(peers, 0, 10).toArray();
        List<PeerId> ids = Stream.generate(() -> id(random)).limit(peers).toList();
        long[] hashes = ids.stream().mapToLong(id -> Mixing.mix(id.bytes())).toArray();
        candidates = new Loads(ids, loads, hashes);
    }

    /** One after the other. */
    @Benchmark
    public int roundRobin() {
        return round.select(candidates, call++, 0);
    }

    /** The better of two. */
    @Benchmark
    public int powerOfTwoChoices() {
        return two.select(candidates, call++, 0);
    }

    /** By a key. */
    @Benchmark
    public int consistentHash() {
        return hash.select(candidates, call, Mixing.mix(call++));
    }

    /** By a key, with a bound of the load. */
    @Benchmark
    public int consistentHashWithBound() {
        return bounded.select(candidates, call, Mixing.mix(call++));
    }

    private static PeerId id(Random random) {
        byte[] key = new byte[PeerId.LENGTH];
        random.nextBytes(key);
        key[PeerId.LENGTH - 1] &= 0x3f; // canonical
        return PeerId.of(key);
    }

    /** With the peers' hashes made once, as they are in a group. */
    private record Loads(List<PeerId> ids, int[] loads, long[] hashes) implements PeerSelector.Candidates {

        @Override
        public int size() {
            return ids.size();
        }

        @Override
        public PeerId peer(int index) {
            return ids.get(index);
        }

        @Override
        public int outstanding(int index) {
            return loads[index];
        }

        @Override
        public long hash(int index) {
            return hashes[index];
        }
    }
}
