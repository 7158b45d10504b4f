using System.Globalization;

namespace FaultInjection;

/// <summary>A payment provider outside of the pool: a directory with a file for each order and a line for each charge of it.</summary>
public static class PaymentProvider
{
    /// <summary>Charges an order.</summary>
    public static Receipt Charge(string ledger, Order order)
    {
        using var charges = new FileStream(PathOf(ledger, order), FileMode.Append, FileAccess.Write);
        return Write(charges, order);
    }

    /// <summary>Charges an order unless it was charged before. The order number is the idempotency key.</summary>
    public static Receipt ChargeOnce(string ledger, Order order)
    {
        try
        {
            using var charges = new FileStream(PathOf(ledger, order), FileMode.CreateNew, FileAccess.Write);
            return Write(charges, order);
        }
        catch (IOException) when (File.Exists(PathOf(ledger, order)))
        {
            return new Receipt(order.Number, "charged before");
        }
    }

    /// <summary>Counts the charges of an order.</summary>
    public static int CountCharges(string ledger, Order order) =>
        File.Exists(PathOf(ledger, order)) ? File.ReadAllLines(PathOf(ledger, order)).Length : 0;

    private static Receipt Write(FileStream charges, Order order)
    {
        using var writer = new StreamWriter(charges);
        writer.WriteLine(order.Amount.ToString(CultureInfo.InvariantCulture));
        return new Receipt(order.Number, "charged");
    }

    private static string PathOf(string ledger, Order order) =>
        Path.Combine(ledger, order.Number.ToString(CultureInfo.InvariantCulture));
}
