namespace Sheet;

/// <summary>The session that the program plays if it is started without arguments.</summary>
internal static class Story
{
    internal const string Script = """
        # An order: prices, quantities, and formulas that follow them.
        A1: Price
        B1: Quantity
        C1: Total
        A2: 2.50
        B2: 4
        C2: =A2*B2
        A3: 10
        B3: 1
        C3: =A3*B3
        C4: =SUM(C2:C3)
        show
        # A new price: one product and the sum are computed again, nothing else.
        A2: 3
        # The same price again: nothing is computed.
        A2: 3
        # Figures of the machine. Both change at once, and D4 is computed once.
        D1: Load
        D2: =CPU
        D3: =MEM
        D4: =MAX(D2:D3)
        machine 12.5 40
        # A cycle is found. Cells that do not depend on it are still computed.
        B3: =C3/10
        A2: 4
        show
        # The cycle is broken.
        B3: 2
        show
        """;
}
