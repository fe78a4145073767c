package io.weir.benchmarks.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * The hottest frames and the greatest allocation sites of a flight recording.
 *
 * <p>Java frames come from execution samples, so their shares are of time on a processor. Native frames are counted
 * apart: the sampler also sees threads that only wait in native code.
 */
public final class FlightSummary {
    private static final int CALLERS = 2;
    private static final int FEW = 6;

    private final Tally threads = new Tally();
    private final Tally self = new Tally();
    private final Tally inclusive = new Tally();
    private final Tally nativeFrames = new Tally();
    private final Tally allocatedClasses = new Tally();
    private final Tally allocationSites = new Tally();

    private FlightSummary() {}

    /** Reads a recording. */
    public static FlightSummary read(Path recording) throws IOException {
        FlightSummary summary = new FlightSummary();
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                summary.add(file.readEvent());
            }
        }
        return summary;
    }

    /** The summary with at most {@code lines} lines in each list. */
    public String render(int lines) {
        return section(threads, "threads, by execution samples", Math.min(lines, FEW))
                + section(self, "top frames (self)", lines)
                + inclusive.render("Weir's frames (with what they call)", lines, self.total())
                + section(nativeFrames, "native frames (may only wait)", Math.min(lines, FEW))
                + section(allocatedClasses, "allocated classes, by bytes", Math.min(lines, 2 * FEW))
                + section(allocationSites, "allocation sites, by bytes", lines);
    }

    private static String section(Tally tally, String heading, int lines) {
        return tally.render(heading, lines, tally.total());
    }

    private void add(RecordedEvent event) {
        RecordedStackTrace stack = event.getStackTrace();
        if (stack == null || stack.getFrames().isEmpty()) {
            return;
        }
        List<RecordedFrame> frames = stack.getFrames();
        switch (event.getEventType().getName()) {
            case "jdk.ExecutionSample" -> addSample(event, frames);
            case "jdk.NativeMethodSample" -> nativeFrames.add(method(frames.get(0)), 1);
            case "jdk.ObjectAllocationSample" -> addAllocation(event, frames);
            default -> {
                // Other events of the profile say nothing about frames or allocation.
            }
        }
    }

    private void addSample(RecordedEvent event, List<RecordedFrame> frames) {
        threads.add(
                event.getThread("sampledThread") == null
                        ? "?"
                        : event.getThread("sampledThread").getJavaName(),
                1);
        self.add(method(frames.get(0)), 1);
        Set<String> seen = new HashSet<>();
        for (RecordedFrame frame : frames) {
            String type = frame.getMethod().getType().getName();
            if (type.startsWith("io.weir.") && seen.add(method(frame))) {
                inclusive.add(method(frame), 1);
            }
        }
    }

    private void addAllocation(RecordedEvent event, List<RecordedFrame> frames) {
        long weight = event.getLong("weight");
        String type = typeName(event.getClass("objectClass").getName());
        allocatedClasses.add(type, weight);
        allocationSites.add(type + " at " + site(frames), weight);
    }

    /** The first frames outside the JDK, so that a copy inside it is charged to who asked for it. */
    private static String site(List<RecordedFrame> frames) {
        Predicate<RecordedFrame> isJdk = frame -> {
            String type = frame.getMethod().getType().getName();
            return type.startsWith("java.") || type.startsWith("jdk.") || type.startsWith("sun.");
        };
        List<String> own = frames.stream()
                .filter(isJdk.negate())
                .limit(1 + CALLERS)
                .map(frame -> method(frame) + ":" + frame.getLineNumber())
                .toList();
        return own.isEmpty() ? method(frames.get(0)) : String.join(" < ", own);
    }

    private static String method(RecordedFrame frame) {
        String type = frame.getMethod().getType().getName();
        return shorten(type) + "." + frame.getMethod().getName();
    }

    /** {@code io.weir.core.wire.FrameReader} becomes {@code i.w.c.wire.FrameReader}. */
    private static String shorten(String type) {
        String[] parts = type.split("\\.");
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < parts.length; i++) {
            boolean whole = i >= parts.length - 2 || parts[i].isEmpty();
            out.append(i == 0 ? "" : ".").append(whole ? parts[i] : parts[i].substring(0, 1));
        }
        return out.toString();
    }

    private static String typeName(@Nullable String descriptor) {
        if (descriptor == null) {
            return "?";
        }
        return switch (descriptor) {
            case "[B" -> "byte[]";
            case "[I" -> "int[]";
            case "[J" -> "long[]";
            case "[C" -> "char[]";
            default ->
                descriptor.startsWith("[L")
                        ? shorten(descriptor.substring(2, descriptor.length() - 1)) + "[]"
                        : shorten(descriptor);
        };
    }
}
