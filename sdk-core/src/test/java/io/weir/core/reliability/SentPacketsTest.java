package io.weir.core.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.weir.core.reliability.SentPackets.State;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentPacketsTest {

    private static final int CAPACITY = 256;

    private final SentPackets<String> sent = new SentPackets<>(CAPACITY);

    @Test
    void numbersRiseByOneAndAreKeptWithWhatWasSent() {
        assertThat(sent.add("a", 1_200, true, 7)).isZero();
        assertThat(sent.skip(8)).isEqualTo(1);
        assertThat(sent.add("b", 40, false, 9)).isEqualTo(2);

        assertThat(sent.next()).isEqualTo(3);
        assertThat(sent.state(0)).isEqualTo(State.WAITING);
        assertThat(sent.state(1)).isEqualTo(State.SKIPPED);
        assertThat(sent.state(2)).isEqualTo(State.QUIET);
        assertThat(sent.packet(0)).isEqualTo("a");
        assertThat(sent.packet(2)).isEqualTo("b");
        assertThat(sent.sentNanos(0)).isEqualTo(7);
        assertThat(sent.sentNanos(1)).isEqualTo(8);
        assertThat(sent.bytes(0)).isEqualTo(1_200);
    }

    /** RFC 9002 section 2: in flight is what elicits acknowledgement and is neither acknowledged nor lost. */
    @Test
    void bytesAreInFlightUntilAcknowledgedOrLost() {
        sent.add("a", 1_000, true, 0);
        sent.add("b", 200, true, 0);
        sent.add("c", 30, false, 0);
        assertThat(sent.bytesInFlight()).isEqualTo(1_200);
        assertThat(sent.waiting()).isEqualTo(2);

        sent.replaced(0);
        assertThat(sent.bytesInFlight()).isEqualTo(1_200);
        assertThat(sent.waiting()).isEqualTo(1);

        sent.lost(0);
        sent.lost(2);
        assertThat(sent.bytesInFlight()).isEqualTo(200);
        assertThat(sent.state(0)).isEqualTo(State.LOST);
        assertThat(sent.state(2)).isEqualTo(State.SETTLED);

        sent.settle(1);
        sent.settle(0);
        assertThat(sent.bytesInFlight()).isZero();
        assertThat(sent.waiting()).isZero();
        assertThat(sent.first()).isEqualTo(3);
    }

    @Test
    void theFirstMovesOnBehindWhatIsSettled() {
        for (int i = 0; i < 5; i++) {
            sent.add("p" + i, 1, true, i);
        }
        sent.settle(1);
        sent.settle(2);
        assertThat(sent.first()).isZero();

        sent.settle(0);

        assertThat(sent.first()).isEqualTo(3);
    }

    @Test
    void oneMoreThanTheCapacityIsTheCallersBug() {
        for (int i = 0; i < CAPACITY; i++) {
            sent.add("p", 1, true, 0);
        }
        assertThat(sent.isFull()).isTrue();
        assertThatIllegalStateException()
                .isThrownBy(() -> sent.add("p", 1, true, 0))
                .withMessageContaining("256");
        assertThatIllegalStateException().isThrownBy(() -> sent.skip(0));

        sent.settle(0);

        assertThat(sent.add("p", 1, true, 0)).isEqualTo(CAPACITY);
    }

    @Test
    void onlyWhatWaitsIsReplaced() {
        sent.add("a", 1, true, 0);
        sent.lost(0);

        assertThatIllegalStateException().isThrownBy(() -> sent.replaced(0)).withMessageContaining("LOST");
    }

    @Test
    void whatIsSettledIsLetGoOf() {
        sent.add("a", 1, true, 0);
        sent.add("b", 1, true, 0);
        sent.settle(1);

        assertThatIllegalStateException().isThrownBy(() -> sent.packet(1)).withMessageContaining("SETTLED");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 63, 65, 100, 1 << 21, -64})
    void theCapacityIsAPowerOfTwoInItsRange(int capacity) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SentPackets<>(capacity))
                .withMessageContaining("capacity is " + capacity);
    }

    /** Against a sorted map, over rings that grow and wrap around. */
    @Test
    void agreesWithAMapWhateverHappens() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            SentPackets<Long> ring = new SentPackets<>(16 << random.nextInt(6));
            TreeMap<Long, State> map = new TreeMap<>();
            for (int i = 0; i < 3_000; i++) {
                step(random, ring, map);

                long from = ring.first() + random.nextInt((int) (ring.next() - ring.first()) + 1);
                Long open = map.ceilingKey(from);
                assertThat(ring.nextOpen(from, ring.next()))
                        .as("seed %d step %d", seed, i)
                        .isEqualTo(open == null ? ring.next() : open);
                assertThat(ring.first()).isEqualTo(map.isEmpty() ? ring.next() : map.firstKey());
                if (open != null) {
                    assertThat(ring.state(open)).isEqualTo(map.get(open));
                    assertThat(ring.sentNanos(open)).isEqualTo(open * 10);
                }
            }
            long waiting = map.values().stream().filter(State.WAITING::equals).count();
            assertThat(ring.waiting()).isEqualTo((int) waiting);
        }
    }

    private static void step(Random random, SentPackets<Long> ring, TreeMap<Long, State> map) {
        long next = ring.next();
        if (random.nextInt(3) > 0 && !ring.isFull()) {
            if (random.nextInt(10) == 0) {
                map.put(ring.skip(next * 10), State.SKIPPED);
            } else {
                boolean eliciting = random.nextInt(5) > 0;
                ring.add(next, 10, eliciting, next * 10);
                map.put(next, eliciting ? State.WAITING : State.QUIET);
            }
        } else if (!map.isEmpty()) {
            Long some = map.ceilingKey(ring.first() + random.nextInt((int) (next - ring.first())));
            long number = some == null ? map.firstKey() : some;
            State state = ring.state(number);
            if (random.nextBoolean() && state != State.SKIPPED && state != State.LOST) {
                ring.lost(number);
                if (state == State.QUIET) {
                    map.remove(number);
                } else {
                    map.put(number, State.LOST);
                }
            } else {
                ring.settle(number);
                map.remove(number);
            }
        }
    }
}
