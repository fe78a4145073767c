package io.weir.benchmarks.run;

import com.sun.management.OperatingSystemMXBean;
import io.weir.benchmarks.result.RunInfo;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a report tells about the machine and the libraries. */
final class Environment {
    private static final List<String> LIBRARIES = List.of(
            "reactor-core",
            "reactor-netty-core",
            "netty-transport",
            "netty-tcnative-boringssl-static",
            "rsocket-core",
            "tink");

    private static final long KIBIBYTE = 1L << 10;
    private static final long GIBIBYTE = 1L << 30;

    private Environment() {}

    /** This machine. */
    static RunInfo.Machine machine() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new RunInfo.Machine(
                cpuModel(Path.of("/proc/cpuinfo")),
                system.getAvailableProcessors(),
                system.getTotalMemorySize(),
                system.getName() + " " + system.getVersion() + " " + system.getArch());
    }

    /**
     * Refuses what this machine has no memory for: the processes of all peers live at once, each with a heap of 1 GiB.
     */
    static void requireMemory(int processes) {
        requireMemory(processes, availableBytes(Path.of("/proc/meminfo")));
    }

    /** The same with the memory that is available, in bytes. */
    static void requireMemory(int processes, long availableBytes) {
        if (processes > availableBytes / GIBIBYTE) {
            throw new IllegalArgumentException("peers that run at once = " + processes / 2 + ", legal: up to "
                    + availableBytes / GIBIBYTE / 2 + " with the memory that is available; choose with --peers");
        }
    }

    /** What the kernel says can be given out without swapping; everything where it says nothing. */
    static long availableBytes(Path memInfo) {
        try {
            for (String line : Files.readAllLines(memInfo)) {
                if (line.startsWith("MemAvailable:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE;
                }
            }
        } catch (IOException e) {
            // Not Linux: whoever runs it there has to know.
        }
        return Long.MAX_VALUE;
    }

    /** The versions of the libraries on a class path, by its jars' names. */
    static Map<String, String> versions(String classPath) {
        Map<String, String> versions = new LinkedHashMap<>();
        for (String library : LIBRARIES) {
            Matcher matcher = Pattern.compile("/" + Pattern.quote(library) + "-(\\d[^/:]*?)(-linux-x86_64)?\\.jar")
                    .matcher(classPath);
            if (matcher.find()) {
                versions.put(library, matcher.group(1));
            }
        }
        return versions;
    }

    private static String cpuModel(Path cpuInfo) {
        try {
            for (String line : Files.readAllLines(cpuInfo)) {
                if (line.startsWith("model name")) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        } catch (IOException e) {
            // Not Linux: fall through to the architecture, which is known everywhere.
        }
        return System.getProperty("os.arch");
    }
}
