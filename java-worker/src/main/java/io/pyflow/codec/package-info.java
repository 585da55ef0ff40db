/**
 * The wire contract, version 1: values as SWF strings, and failures as a reason and details.
 *
 * <p>Nothing here does I/O, and no name in a payload ever chooses a class.
 */
@NullMarked
package io.pyflow.codec;

import org.jspecify.annotations.NullMarked;
