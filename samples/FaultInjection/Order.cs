namespace FaultInjection;

/// <summary>An order to be charged.</summary>
public sealed record Order(int Number, decimal Amount);

/// <summary>The confirmation of a charge.</summary>
public sealed record Receipt(int Order, string Payment);
