throw new RangeError("no rates");
