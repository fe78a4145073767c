package io.weir.core.datagram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.core.path.PathAddress;
import io.weir.core.schedule.RateMeter;
import io.weir.core.wire.Bytes;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NetworkBucketsTest {

    private static final long START = Long.MAX_VALUE - 5_000_000; // the clock wraps around during the tests
    private static final int PER_SECOND = 1_000;
    private static final int BURST = 100;
    private static final long MILLI = 1_000_000;

    private final NetworkBuckets buckets = new NetworkBuckets(RateMeter.of(PER_SECOND, BURST), 0x5EED, START);

    @Test
    void letsABurstPassAndThenOneEachInterval() {
        PathAddress from = v4(0x7F00_0001, 4_000);
        int passed = 0;
        for (int i = 0; i < 3 * BURST; i++) {
            passed += buckets.take(from, START) ? 1 : 0;
        }
        assertThat(passed).isEqualTo(BURST);

        for (int i = 1; i <= 50; i++) {
            assertThat(buckets.take(from, START + i * MILLI))
                    .as("after %d ms", i)
                    .isTrue();
            assertThat(buckets.take(from, START + i * MILLI))
                    .as("after %d ms", i)
                    .isFalse();
        }
        assertThat(buckets.take(from, START + 10_000 * MILLI)).isTrue();
    }

    @Test
    void countsByNetworkWhateverThePort() {
        exhaust(v4(0x0A00_0001, 1));

        assertThat(buckets.take(v4(0x0A00_0001, 2), START)).isFalse();
        assertThat(buckets.take(v4(0x0A00_0002, 1), START)).isTrue();
    }

    @Test
    void aNetworkOfIpv6IsItsFirst64Bits() {
        exhaust(v6(0x2001_0DB8_0000_0001L, 1));

        assertThat(buckets.take(v6(0x2001_0DB8_0000_0001L, 2), START)).isFalse();
        assertThat(buckets.take(v6(0x2001_0DB8_0000_0002L, 1), START)).isTrue();
    }

    /** Floods from everywhere find the same table, and networks are spread over all of it, whatever they have in common. */
    @Test
    void spreadsNetworksOverATableThatDoesNotGrow() {
        Set<Integer> shared = new HashSet<>();
        Random random = new Random(1);
        int networks = NetworkBuckets.BUCKETS;
        for (int i = 0; i < networks; i++) {
            long network = random.nextBoolean() ? i : (long) i << 40;
            exhaust(v6(network, 1));
            if (!buckets.take(v6(network + (1L << 32), 1), START)) {
                shared.add(i);
            }
        }
        // of as many networks as buckets, 1 - 1/e fill one: what is left free is not far from a third
        int free = 0;
        for (int i = 0; i < 10_000; i++) {
            free += buckets.take(v4(0x1400_0000 + i, 1), START) ? 1 : 0;
        }
        assertThat(free).isBetween(1_000, 6_000);
        assertThat(shared.size()).isLessThan(networks);
    }

    @Test
    void anotherSeedPutsNetworksElsewhere() {
        int apart = 0;
        for (int seed = 1; seed <= 200; seed++) {
            NetworkBuckets other = new NetworkBuckets(RateMeter.of(10, 1), seed, START);
            other.take(v4(1, 1), START);
            apart += other.take(v4(0x0100_0000 + seed, 1), START) ? 1 : 0;
        }
        assertThat(apart).isGreaterThan(190);
    }

    @Test
    void tellsWhetherThereIsOneWithoutTakingIt() {
        PathAddress from = v4(1, 1);
        assertThat(buckets.hasOne(from, START)).isTrue();
        exhaust(from);
        assertThat(buckets.hasOne(from, START)).isFalse();
        assertThat(buckets.hasOne(from, START + MILLI)).isTrue();
        assertThat(buckets.take(from, START + MILLI)).isTrue();
    }

    @Test
    void keepsNobodyOutForLongerThanItsRateWhereTheClockGoesBack() {
        PathAddress from = v4(1, 1);
        exhaust(from);
        long back = START - 3_600_000 * MILLI;
        for (int i = 0; i < BURST; i++) {
            assertThat(buckets.take(from, back)).isTrue();
        }
        assertThat(buckets.take(from, back)).isFalse();
        assertThat(buckets.take(from, back + MILLI)).isTrue();
    }

    @Test
    void namesTheLegalRangeOfItsRate() {
        for (int perSecond : new int[] {0, 100_000_001}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RateMeter.of(perSecond, 1))
                    .withMessage("perSecond is " + perSecond + "; legal: 1 to 100000000");
        }
        for (int atOnce : new int[] {0, 11}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RateMeter.of(10, atOnce))
                    .withMessage("atOnce is " + atOnce + "; legal: 1 to 10");
        }
    }

    private void exhaust(PathAddress from) {
        for (int i = 0; i < BURST; i++) {
            buckets.take(from, START);
        }
        assertThat(buckets.take(from, START)).isFalse();
    }

    private static PathAddress v4(int ip, int port) {
        return new PathAddress(Bytes.copyOf(ByteBuffer.allocate(4).putInt(ip).array()), port);
    }

    private static PathAddress v6(long network, long host) {
        return new PathAddress(
                Bytes.copyOf(
                        ByteBuffer.allocate(16).putLong(network).putLong(host).array()),
                4_000);
    }
}
