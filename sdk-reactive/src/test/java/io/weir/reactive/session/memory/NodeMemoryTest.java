package io.weir.reactive.session.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeMemoryTest {

    private final NodeMemory memory = new NodeMemory(100);
    private final List<String> told = new ArrayList<>();

    @Test
    void tellsOneAtATimeFirstComeFirstServed() {
        memory.tryReserve(100);
        Waiting first = new Waiting("first", 10);
        Waiting second = new Waiting("second", 10);

        memory.release(50);
        memory.release(50);
        assertThat(told).containsExactly("first");
        first.tries();
        assertThat(told).containsExactly("first", "second");
        second.tries();
        assertThat(told).hasSize(2);
        assertThat(memory.reserved()).isEqualTo(20);
    }

    @Test
    void whoCannotBeServedKeepsNobodyBehindItWaiting() {
        memory.tryReserve(100);
        Waiting large = new Waiting("large", 90);
        Waiting small = new Waiting("small", 10);

        memory.release(10);
        large.tries();
        small.tries();

        assertThat(told).containsExactly("large", "small");
        assertThat(memory.available()).isZero();
    }

    @Test
    void eachTriesOnceForARelease() {
        memory.tryReserve(100);
        Waiting a = new Waiting("a", 90);
        Waiting b = new Waiting("b", 90);

        memory.release(10);
        a.tries();
        b.tries();
        assertThat(told).as("not one the other, without end").containsExactly("a", "b");

        memory.release(10);
        memory.release(10);
        a.tries();
        b.tries();
        assertThat(told).containsExactly("a", "b", "a", "b");
    }

    @Test
    void aReleaseWhileOneTriesIsNotMissed() {
        memory.tryReserve(100);
        Waiting a = new Waiting("a", 20);

        memory.release(10);
        a.fails();
        memory.release(10);
        memory.tellNext();
        assertThat(told).containsExactly("a", "a");
    }

    @Test
    void whoIsGoneIsNotToldAndKeepsNobodyWaiting() {
        memory.tryReserve(100);
        Waiting forgotten = new Waiting("forgotten", 10);
        new Waiting("without a loop", -1);
        new Waiting("there", 10);

        memory.forget(forgotten);
        memory.release(10);

        assertThat(told).containsExactly("without a loop", "there");
    }

    /** What a session does, one step at a time. */
    private final class Waiting implements NodeMemory.Waiter {

        private final String name;
        private final long bytes;

        Waiting(String name, long bytes) {
            this.name = name;
            this.bytes = bytes;
            memory.whenFreed(this);
        }

        @Override
        public boolean tell() {
            told.add(name);
            return bytes >= 0;
        }

        void tries() {
            if (!memory.tryReserve(bytes)) {
                memory.whenFreed(this);
            }
            memory.tellNext();
        }

        void fails() {
            assertThat(memory.tryReserve(bytes)).isFalse();
            memory.whenFreed(this);
        }
    }
}
