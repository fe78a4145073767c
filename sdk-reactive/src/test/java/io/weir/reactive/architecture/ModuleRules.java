package io.weir.reactive.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** What the modules above this one are looked at by: their code, and the rules of the house that all of them keep. */
public final class ModuleRules {

    /** Maven compiles tests to test-classes, other builds to test. */
    private static final Pattern OF_TESTS = Pattern.compile(".*/test(-classes)?/io/weir/.*");

    /** Of a class that knows more of Weir than its users do. */
    public static final ArchRule KNOWS_WHAT_USERS_KNOW = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("io\\.weir\\.reactive\\.((session|node|peers|observer)\\..*"
                    // what users give to a node
                    + "|transport\\.(?!(TcpOptions|TcpKeepAlive|UdpOptions)$).*)");

    private ModuleRules() {}

    /** The product's classes in that package and below it. */
    public static JavaClasses production(String root) {
        return new ClassFileImporter()
                .withImportOption(location -> !location.matches(OF_TESTS))
                .importPackages(root);
    }

    /** The tests' classes there. */
    public static JavaClasses tests(String root) {
        return new ClassFileImporter()
                .withImportOption(location -> location.matches(OF_TESTS))
                .importPackages(root);
    }

    /** What every class of such a module keeps, by what it says, and its own rules. */
    public static Map<String, ArchRule> with(String root, Map<String, ArchRule> own) {
        Map<String, ArchRule> all = new LinkedHashMap<>(Map.ofEntries(
                Map.entry("named for what they are", HouseRules.NAMED_FOR_WHAT_THEY_ARE),
                Map.entry("no static mutable state", HouseRules.NO_STATIC_MUTABLE_STATE),
                Map.entry("reads no settings of the process", HouseRules.READS_NO_SETTINGS_OF_THE_PROCESS),
                Map.entry("nobody sleeps", HouseRules.NOBODY_SLEEPS),
                Map.entry("blocks only where the name says now", HouseRules.BLOCKS_ONLY_WHERE_THE_NAME_SAYS_NOW),
                Map.entry("takes no monitors", noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED)),
                Map.entry("buffers stay in transports", HouseRules.BUFFERS_STAY_IN_TRANSPORTS),
                Map.entry("packages are null-marked", HouseRules.PACKAGES_ARE_NULL_MARKED),
                Map.entry("packages form a DAG", HouseRules.packagesFormADag(root)),
                Map.entry("knows of Weir what users know", KNOWS_WHAT_USERS_KNOW)));
        all.putAll(own);
        return all;
    }

    /** One run of a test for each. */
    public static Stream<Arguments> each(Map<String, ArchRule> rules) {
        return rules.entrySet().stream().map(rule -> Arguments.of(rule.getKey(), rule.getValue()));
    }
}
