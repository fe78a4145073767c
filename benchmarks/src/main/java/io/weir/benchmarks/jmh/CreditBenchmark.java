package io.weir.benchmarks.jmh;

import io.weir.core.credit.Cost;
import io.weir.core.credit.MemoryBudget;
import io.weir.core.credit.MemoryPool;
import io.weir.core.credit.ReceiveWindow;
import io.weir.core.credit.SendCredit;
import java.util.concurrent.TimeUnit;
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

/** The credit of one stream, both ends, for one element: demand, spending, consumption and the grants between. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CreditBenchmark {
    private static final long WINDOW = 64 * 1024;
    private static final long BUDGET = 16L * 1024 * 1024;

    /** Bytes of an element. */
    @Param({"64", "1024", "16384"})
    public int payloadBytes;

    private SendCredit credit = new SendCredit(WINDOW);
    private ReceiveWindow window = newWindow();
    private long cost;
    private long now;
    private int outstanding;

    /** A benchmark that JMH sets up. */
    public CreditBenchmark() {}

    /** Begins a stream. */
    @Setup
    public void open() {
        credit = new SendCredit(WINDOW);
        window = newWindow();
        cost = Cost.of(payloadBytes);
        outstanding = 0;
    }

    /** One element from the publisher's demand to the subscriber's consumption. */
    @Benchmark
    public long element() {
        now += 100;
        outstanding += credit.demand(outstanding, 0);
        if (outstanding == 0 || !credit.fits(cost)) {
            throw new IllegalStateException("no credit: a grant is missing");
        }
        outstanding--;
        credit.observe(cost);
        credit.spend(cost);
        if (!window.onReceived(cost)) {
            throw new IllegalStateException("beyond the limit");
        }
        window.onConsumed(cost);
        if (window.grantDue()) {
            credit.onWindow(window.consumed(), window.grant(now));
        }
        return credit.available();
    }

    private static ReceiveWindow newWindow() {
        MemoryBudget budget = new MemoryBudget(BUDGET, MemoryPool.unbounded());
        if (!budget.tryReserve(WINDOW)) {
            throw new IllegalStateException("the budget refuses its first window");
        }
        return new ReceiveWindow(WINDOW, WINDOW, budget);
    }
}
