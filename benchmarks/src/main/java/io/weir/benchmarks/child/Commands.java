package io.weir.benchmarks.child;

import io.weir.benchmarks.measure.ProcessMeter;
import io.weir.benchmarks.peer.Gate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/**
 * What a side obeys, a command on each line: {@link #SAMPLE}; {@link #PAUSE} and {@link #RESUME}; {@link #SERIES};
 * {@link #RECORD}, which starts a flight recording; {@link #DUMP} with a file's name, which ends and writes it. Anything
 * else, or the end of the input, ends it.
 */
public final class Commands {
    /** Answer with a sample. */
    public static final String SAMPLE = "sample";

    /** Ask for nothing more. */
    public static final String PAUSE = "pause";

    /** Ask again. */
    public static final String RESUME = "resume";

    /** Answer with the series of a client that began running. */
    public static final String SERIES = "series";

    /** Start a flight recording. */
    public static final String RECORD = "record";

    /** End the flight recording, and write it to the file whose name follows. */
    public static final String DUMP = "dump ";

    private final Consumer<Line> out;
    private final ProcessMeter meter;
    private final Gate gate;
    private final Optional<CountSampler> sampler;
    /** What a peer does in the thread that asks it for more must not keep this side from its commands. */
    private final Executor asking = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "gate");
        thread.setDaemon(true);
        return thread;
    });

    private @Nullable Recording recording;

    /**
     * What one side obeys with.
     *
     * @param out where answers go
     * @param meter what it measures about itself
     * @param gate what it asks through
     * @param sampler of a client that began running
     */
    Commands(Consumer<Line> out, ProcessMeter meter, Gate gate, Optional<CountSampler> sampler) {
        this.out = out;
        this.meter = meter;
        this.gate = gate;
        this.sampler = sampler;
    }

    /** Obeys until it is told to stop. */
    void obey(InputStream commands) throws IOException, ParseException {
        BufferedReader in = new BufferedReader(new InputStreamReader(commands, StandardCharsets.UTF_8));
        for (String command = in.readLine(); command != null; command = in.readLine()) {
            if (!obey(command)) {
                return;
            }
        }
    }

    /** Obeys one command; false if that is to end it. */
    boolean obey(String command) throws IOException, ParseException {
        switch (command) {
            case SAMPLE -> out.accept(new Line(Line.SAMPLE, meter.sample().toFields()));
            case SERIES ->
                out.accept(Line.of(
                        Line.SERIES, "points", sampler.orElseThrow().series().encode()));
            case PAUSE -> {
                gate.close();
                done();
            }
            case RESUME -> {
                asking.execute(gate::open);
                done();
            }
            case RECORD -> {
                recording = new Recording(Configuration.getConfiguration("profile"));
                recording.start();
                done();
            }
            default -> {
                return dump(command);
            }
        }
        return true;
    }

    private boolean dump(String command) throws IOException {
        if (!command.startsWith(DUMP) || recording == null) {
            return false;
        }
        recording.stop();
        recording.dump(Path.of(command.substring(DUMP.length())));
        recording.close();
        done();
        return true;
    }

    private void done() {
        out.accept(new Line(Line.DONE, Map.of()));
    }
}
