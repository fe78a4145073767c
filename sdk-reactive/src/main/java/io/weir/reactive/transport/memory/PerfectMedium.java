package io.weir.reactive.transport.memory;

import java.util.function.Consumer;
import reactor.core.scheduler.Scheduler;

/** Everything arrives at once, on one scheduler. */
record PerfectMedium(Scheduler scheduler) implements MemoryMedium {

    private static final Carrier AT_ONCE = new Carrier() {
        @Override
        public void carry(byte[] bytes, Consumer<byte[]> arrival) {
            arrival.accept(bytes);
        }

        @Override
        public void carry(Signal signal, Runnable arrival) {
            arrival.run();
        }
    };

    private static final Path PATH = new Path() {
        @Override
        public Carrier there() {
            return AT_ONCE;
        }

        @Override
        public Carrier back() {
            return AT_ONCE;
        }

        @Override
        public void closed() {
            // Nothing is ever under way.
        }
    };

    @Override
    public Scheduler scheduler(String host) {
        return scheduler;
    }

    @Override
    public Path path(End dialling, End accepting) {
        return PATH;
    }
}
