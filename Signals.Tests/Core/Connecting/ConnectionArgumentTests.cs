using System.Linq.Expressions;
using System.Reflection;
using NUnit.Framework;

namespace Signals.Tests.Core.Connecting;

/// <summary>A missing argument is refused by name, by each overload of each method that connects.</summary>
public sealed class ConnectionArgumentTests
{
    private static readonly Type[] Classes =
    [
        typeof(AsyncConnections),
        typeof(BlockingConnections),
        typeof(DeferredConnections),
        typeof(DeferredWeakConnections),
        typeof(GroupedConnections),
    ];

    public static IEnumerable<TestCaseData> Arguments =>
        from type in Classes
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static)
        from parameter in method.GetParameters()
        where !parameter.ParameterType.IsValueType && new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.NotNull
        select new TestCaseData(method, parameter.Position).SetArgDisplayNames($"{method} {parameter.Name}");

    [TestCaseSource(nameof(Arguments))]
    public void A1_A9_A11_A12_missing_argument_is_refused_by_name(MethodInfo method, int missing)
    {
        MethodInfo closed = method.IsGenericMethod
            ? method.MakeGenericMethod([.. method.GetGenericArguments().Select(static type => type.Name == "TTarget" ? typeof(object) : typeof(int))])
            : method;
        ParameterInfo[] parameters = closed.GetParameters();
        object?[] arguments = [.. parameters.Select(parameter => parameter.Position == missing ? null : Make(parameter.ParameterType))];

        Assert.That(
            () => closed.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null),
            Throws.ArgumentNullException.With.Property(nameof(ArgumentException.ParamName)).EqualTo(parameters[missing].Name)
        );
    }

    private static object? Make(Type type)
    {
        if (type.IsAssignableTo(typeof(Delegate)))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;
            IEnumerable<ParameterExpression> parameters = invoke.GetParameters().Select(static parameter => Expression.Parameter(parameter.ParameterType));
            return Expression.Lambda(type, Expression.Default(invoke.ReturnType), parameters).Compile();
        }

        if (!type.IsInterface)
        {
            return Activator.CreateInstance(type);
        }

        Type[] arguments = type.GetGenericArguments();
        return arguments.Length switch
        {
            0 => new Signal(),
            1 => Activator.CreateInstance(typeof(Signal<>).MakeGenericType(arguments)),
            2 => Activator.CreateInstance(typeof(Signal<,>).MakeGenericType(arguments)),
            3 => Activator.CreateInstance(typeof(Signal<,,>).MakeGenericType(arguments)),
            _ => Activator.CreateInstance(typeof(Signal<,,,>).MakeGenericType(arguments)),
        };
    }
}
