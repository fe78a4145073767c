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
