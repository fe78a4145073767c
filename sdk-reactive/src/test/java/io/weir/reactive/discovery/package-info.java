@NullMarked
package io.weir.reactive.discovery;

import org.jspecify.annotations.NullMarked;
