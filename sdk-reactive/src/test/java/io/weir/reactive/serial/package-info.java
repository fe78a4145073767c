@NullMarked
package io.weir.reactive.serial;

import org.jspecify.annotations.NullMarked;
