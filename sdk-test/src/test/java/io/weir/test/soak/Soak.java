package io.weir.test.soak;

import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Lets a {@link Load} go on for a while, with an eye on memory. */
final class Soak {

    /** Samples of memory, at even distances. */
    private static final int SAMPLES = 20;

    private static final long LEAST_SAMPLE_MILLIS = 500;
    private static final Duration ENDING = Duration.ofSeconds(60);

    private Soak() {}

    /** What {@code -Dweir.soak.minutes} says. */
    static Duration length(long minutesByDefault) {
        return Duration.ofMinutes(Long.getLong("weir.soak.minutes", minutesByDefault));
    }

    /** For that time, or longer, until all of the work has begun to be done; ends early, and fails, with whatever goes wrong. */
    static List<UsedMemory> run(Load load, Duration length)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<UsedMemory> used = new ArrayList<>();
        CompletableFuture<Void> run = load.run().toFuture();
        long sampleMillis = Math.max(LEAST_SAMPLE_MILLIS, length.toMillis() / SAMPLES);
        long end = System.nanoTime() + length.toNanos();
        while ((System.nanoTime() - end < 0 || !load.hasDoneSome()) && !hasEnded(run, sampleMillis)) {
            used.add(UsedMemory.now());
            System.out.println(LocalTime.now() + " " + used.get(used.size() - 1) + " behind " + load);
        }
        load.stop();
        run.get(ENDING.toSeconds(), TimeUnit.SECONDS);
        load.check();
        return used;
    }

    private static boolean hasEnded(CompletableFuture<Void> run, long millis)
            throws InterruptedException, ExecutionException {
        try {
            run.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }
}
