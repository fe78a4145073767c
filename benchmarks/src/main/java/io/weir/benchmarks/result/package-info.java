/** What a run found: its cells, the targets they are held against, and the report as Markdown and JSON. */
@NullMarked
package io.weir.benchmarks.result;

import org.jspecify.annotations.NullMarked;
